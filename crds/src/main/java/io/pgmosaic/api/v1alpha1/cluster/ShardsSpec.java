package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.pgmosaic.api.v1alpha1.common.ApiValue;
import io.pgmosaic.api.v1alpha1.common.Patterns;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.stream.IntStream;

/** How many shards, or which. */
@ValidationRule(
        value = "has(self.count) != has(self.names)",
        message =
                "give either shards.count (the shards are named s0, s1, ...) or shards.names, not both and not neither")
@ValidationRule(
        value = "has(self.count) == has(oldSelf.count)",
        message =
                "shards.count cannot be replaced by shards.names or the other way round: write the one that the cluster was created with")
@ValidationRule(
        value = "!has(self.count) || !has(oldSelf.count) || self.count >= oldSelf.count",
        message = "shards.count cannot be lowered, the removed shards hold data: write the number that runs")
@ValidationRule(
        value = "!has(self.count) || !has(oldSelf.count) || self.count <= oldSelf.count",
        message =
                "shards.count cannot be raised, the new shards would own no keys: write the number that runs, and split a shard with a ShardSplit instead")
@ValidationRule(
        value =
                "!has(self.names) || self.names.all(n, !n.endsWith('-primary') && !n.endsWith('-replicas') && !(n in ['primary', 'replicas']))",
        message =
                "shards.names: a name that is or ends in primary or replicas would clash with the Service of another shard: write another name")
@ApiValue
public record ShardsSpec(
        @JsonPropertyDescription("Number of shards; they are named s0, s1, and so on. Give this or names.")
        @Min(1)
        @Max(256)
        @Nullable
        Integer count,

        @JsonPropertyDescription(
                "Names of the shards, in the order in which they own the hash ranges. Give this or count. After a split it may be changed to the shards that run.")
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
