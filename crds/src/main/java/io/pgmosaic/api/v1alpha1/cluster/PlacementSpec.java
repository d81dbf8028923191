package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.pgmosaic.api.v1alpha1.common.ApiValue;
import io.pgmosaic.api.v1alpha1.common.Patterns;
import org.jspecify.annotations.Nullable;

import java.util.List;

/** Which shards hold the rows of one region and one span of time. */
@ApiValue
public record PlacementSpec(
        @JsonPropertyDescription(
                "The region whose rows live here; rows never leave their region. Name one in every placement or in none.")
        @Size(min = 1, max = 63)
        @Nullable
        String region,

        @JsonPropertyDescription(
                "The first time of the rows that live here, such as 2026-01-01T00:00:00Z. Without it, there is no lower bound.")
        @Size(max = 40)
        @Nullable
        String from,

        @JsonPropertyDescription(
                "The first time after them: where the next placement of the region begins. Without it, there is no upper bound.")
        @Size(max = 40)
        @Nullable
        String until,

        @JsonPropertyDescription(
                "What you call shards of this age, such as hot, warm or cold. Answers of the router have it.")
        @Pattern(Patterns.DNS_LABEL)
        @Size(min = 1, max = 30)
        @Nullable
        String tier,

        @JsonPropertyDescription("The shards that share these rows. With strategy OrderedRange, write ranges instead.")
        @Size(max = 256)
        List<@Pattern(Patterns.DNS_LABEL) @Size(min = 1, max = 30) String> shards,

        @JsonPropertyDescription(
                "With strategy OrderedRange: the ranges, in order; each begins where the one before it ends.")
        @Size(max = 256)
        List<RangeSpec> ranges,

        @JsonPropertyDescription(
                "Shards that own nothing but what overrides give them, such as those of tenants that have one to themselves.")
        @Size(max = 256)
        List<@Pattern(Patterns.DNS_LABEL) @Size(min = 1, max = 30) String> dedicatedShards) {

    public PlacementSpec {
        shards = shards == null ? List.of() : List.copyOf(shards);
        ranges = ranges == null ? List.of() : List.copyOf(ranges);
        dedicatedShards = dedicatedShards == null ? List.of() : List.copyOf(dedicatedShards);
    }
}
