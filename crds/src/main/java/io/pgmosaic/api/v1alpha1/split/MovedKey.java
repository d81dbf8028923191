package io.pgmosaic.api.v1alpha1.split;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.pgmosaic.api.v1alpha1.common.ApiValue;
import io.pgmosaic.api.v1alpha1.common.Patterns;
import org.jspecify.annotations.Nullable;

import java.util.List;

/** One key that moves to a shard of its own choice, such as a large tenant. */
@ApiValue
public record MovedKey(
        @JsonPropertyDescription("The group of the tables that have it; absent for tables of no group.")
        @Size(max = 63)
        @Nullable
        String group,

        @JsonPropertyDescription("The key: one value per key column, in order, as text.")
        @Required
        @Size(min = 1, max = 4)
        List<@Size(max = 256) String> key,

        @JsonPropertyDescription("The target that takes it.")
        @Required
        @Pattern(Patterns.DNS_LABEL)
        @Size(min = 1, max = 30)
        String shard) {

    public MovedKey {
        key = key == null ? List.of() : List.copyOf(key);
        shard = shard == null ? "" : shard;
    }
}
