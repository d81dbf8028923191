package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.pgmosaic.api.v1alpha1.common.ApiValue;
import io.pgmosaic.api.v1alpha1.common.Patterns;
import org.jspecify.annotations.Nullable;

/** A range of values that one shard owns. */
@ApiValue
public record RangeSpec(
        @JsonPropertyDescription("The first value of the range, as text. Without it, the range has no lower bound.")
        @Size(max = 256)
        @Nullable
        String from,

        @JsonPropertyDescription(
                "The first value after the range, as text: where the next range begins. Without it, the range has no upper bound.")
        @Size(max = 256)
        @Nullable
        String until,

        @JsonPropertyDescription("The shard that owns the range. A shard may own several.")
        @Required
        @Pattern(Patterns.DNS_LABEL)
        @Size(min = 1, max = 30)
        String shard) {

    public RangeSpec {
        shard = shard == null ? "" : shard;
    }
}
