package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.pgmosaic.api.v1alpha1.common.ApiValue;

import java.util.List;

/** One key of a table. */
@ApiValue
public record LimitedKey(
        @JsonPropertyDescription(
                "The key: one value per key column of role Key, in order, as text. Numbers and UUIDs in their usual form.")
        @Required
        @Size(min = 1, max = 4)
        List<@Size(max = 256) String> key) {

    public LimitedKey {
        key = key == null ? List.of() : List.copyOf(key);
    }
}
