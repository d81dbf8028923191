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
                "Smallest hash that this shard takes, a signed 64-bit number as text. The first target begins where the source does. Default: chosen by sampling the keys.")
        @Pattern("^(0|-?[1-9][0-9]{0,18})$")
        @Size(min = 1, max = 20)
        @Nullable
        String from) {

    public SplitTarget {
        name = name == null ? "" : name;
    }
}
