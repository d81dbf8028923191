package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.pgmosaic.api.v1alpha1.common.ApiValue;
import io.pgmosaic.api.v1alpha1.common.Patterns;

import java.util.List;

/** One key that lives elsewhere than the strategy says. */
@ApiValue
public record KeyOverride(
        @JsonPropertyDescription(
                "The key: one value per key column, in order, as text. Numbers and UUIDs in their usual form.")
        @Required
        @Size(min = 1, max = 4)
        List<@Size(max = 256) String> key,

        @JsonPropertyDescription("The shard on which this key lives.")
        @Required
        @Pattern(Patterns.DNS_LABEL)
        @Size(min = 1, max = 30)
        String shard) {

    public KeyOverride {
        key = key == null ? List.of() : List.copyOf(key);
        shard = shard == null ? "" : shard;
    }
}
