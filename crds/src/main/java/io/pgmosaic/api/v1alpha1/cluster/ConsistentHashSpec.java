package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.pgmosaic.api.v1alpha1.common.ApiValue;

/** Settings of the consistent-hash ring. */
@ApiValue
public record ConsistentHashSpec(
        @JsonPropertyDescription(
                "Positions of each shard on the ring. More of them spread keys more evenly and make the map larger.")
        @Default("150")
        @Min(1)
        @Max(1000)
        Integer virtualNodes) {

    public static final int DEFAULT_VIRTUAL_NODES = 150;

    public ConsistentHashSpec {
        virtualNodes = virtualNodes == null ? DEFAULT_VIRTUAL_NODES : virtualNodes;
    }
}
