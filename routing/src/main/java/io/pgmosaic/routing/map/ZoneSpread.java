package io.pgmosaic.routing.map;

import org.jspecify.annotations.Nullable;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Takes some shards of an order, no two of one zone as long as there is a zone that none of them is in. A shard of an unknown zone
 * counts as one that shares its zone with no other.
 */
final class ZoneSpread {
    private ZoneSpread() {}

    /**
     * Those of {@code inOrder} that come first in their zones, then the others, each in the given order. A shard that joins the
     * order anywhere takes at most one other's place among the first {@code count}, and none but itself gets a place there.
     *
     * @param inOrder each once
     */
    static List<String> first(List<String> inOrder, int count, Function<String, @Nullable String> zoneOf) {
        Set<String> zones = new HashSet<>();
        Set<String> taken = new LinkedHashSet<>();
        for (String shard : inOrder) {
            @Nullable String zone = zoneOf.apply(shard);
            if (zone == null || zones.add(zone)) {
                taken.add(shard);
            }
        }
        taken.addAll(inOrder);
        return taken.stream().limit(count).toList();
    }
}
