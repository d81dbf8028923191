package io.pgmosaic.api.v1alpha1.split;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.pgmosaic.api.v1alpha1.common.ApiValue;
import io.pgmosaic.api.v1alpha1.common.Patterns;
import org.jspecify.annotations.Nullable;

/** A shard that the split makes. */
@ApiValue
public record SplitTarget(
        @JsonPropertyDescription("Name of the new shard.")
        @Required
        @Pattern(Patterns.DNS_LABEL)
        @Size(min = 1, max = 30)
        String name,

        @JsonPropertyDescription(
                "The first hash, a signed 64-bit number, or the first value of ordered ranges that this shard takes, as text. The first target begins where the source does and has none. Default: chosen by looking at the keys that there are.")
        @Size(min = 1, max = 256)
        @Nullable
        String from) {

    public SplitTarget {
        name = name == null ? "" : name;
    }
}
