package io.pgmosaic.router.http;

import io.pgmosaic.protocol.topology.TableRule;
import io.pgmosaic.router.lookup.RoutingTable;
import io.pgmosaic.routing.key.KeyValue;
import io.pgmosaic.routing.map.Extent;
import io.pgmosaic.routing.map.Extents;
import io.pgmosaic.routing.map.OrderedRange;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * The body of {@code GET /v1/places}: the shards on which rows of a range may be, and why.
 *
 * @param places by rule, one for each region and span of time
 * @param overriding shards to which some of the keys are given, whatever the rule says
 * @param shards all of them with their servers, each once
 */
record PlacesDocument(
        long mapVersion,
        String database,
        String table,
        List<Place> places,
        List<String> overriding,
        List<ShardsDocument.Shard> shards) {
    PlacesDocument {
        places = List.copyOf(places);
        overriding = List.copyOf(overriding);
        shards = List.copyOf(shards);
    }

    /**
     * @param region null when rows have none
     * @param tier null when the shards of this age have no name
     * @param from the first time; null for no bound
     * @param until the first time after it; null for no bound
     * @param expiresAt when its rows need not be kept any more; null for never
     * @param ranges of keys; null when rows are placed by hash
     */
    record Place(
            @Nullable String region,
            @Nullable String tier,
            @Nullable String from,
            @Nullable String until,
            @Nullable Instant expiresAt,
            @Nullable List<Range> ranges,
            List<String> shards) {
        Place {
            ranges = ranges == null ? null : List.copyOf(ranges);
            shards = List.copyOf(shards);
        }
    }

    /**
     * @param from null for no bound
     * @param until null for no bound
     */
    record Range(@Nullable String from, @Nullable String until, String shard) {}

    /** @param isOrdered whether rows are placed by the order of keys */
    static PlacesDocument of(RoutingTable table, String name, boolean isOrdered, Extents extents) {
        List<String> named = extents.shards();
        return new PlacesDocument(
                table.topology().map().version(),
                table.topology().database(),
                name,
                extents.byRule().stream()
                        .map(extent -> place(extent, isOrdered, retention(table, name)))
                        .toList(),
                extents.byKey(),
                table.shards().stream()
                        .filter(shard -> named.contains(shard.topology().shard()))
                        .map(ShardsDocument.Shard::of)
                        .toList());
    }

    private static @Nullable Long retention(RoutingTable table, String name) {
        return table.topology().tables().stream()
                .filter(rule -> rule.qualifiedName().equals(name))
                .map(TableRule::retentionMillis)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private static Place place(Extent extent, boolean isOrdered, @Nullable Long retentionMillis) {
        KeyValue.@Nullable Timestamp end = extent.period().until();
        return new Place(
                extent.region(),
                extent.tier(),
                text(extent.times().from()),
                text(extent.times().until()),
                end == null || retentionMillis == null ? null : end.instant().plusMillis(retentionMillis),
                isOrdered ? extent.ranges().stream().map(PlacesDocument::range).toList() : null,
                extent.shards());
    }

    static Range range(OrderedRange range) {
        return new Range(text(range.from()), text(range.until()), range.shard());
    }

    private static @Nullable String text(@Nullable KeyValue value) {
        return value == null ? null : value.text();
    }
}
