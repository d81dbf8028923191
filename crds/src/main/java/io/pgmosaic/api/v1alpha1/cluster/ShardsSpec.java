package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.pgmosaic.api.v1alpha1.common.ApiValue;
import io.pgmosaic.api.v1alpha1.common.Patterns;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.stream.IntStream;

/** How many shards, or which. */
@ApiValue
public record ShardsSpec(
        @JsonPropertyDescription("Number of shards; they are named s0, s1, and so on. Give this or names.")
        @Min(1)
        @Max(256)
        @Nullable
        Integer count,

        @JsonPropertyDescription(
                "Names of the shards, in the order in which they own the hash ranges. Give this or count.")
        @Size(min = 1, max = 256)
        List<@Pattern(Patterns.DNS_LABEL) @Size(min = 1, max = 30) String> names) {

    public ShardsSpec {
        names = names == null ? List.of() : List.copyOf(names);
    }

    /** The shards in order: the given names, or {@code s0} to {@code s(count-1)}; empty when neither is given. */
    public List<String> shardNames() {
        if (!names.isEmpty() || count == null) {
            return names;
        }
        return IntStream.range(0, count).mapToObj(i -> "s" + i).toList();
    }
}
