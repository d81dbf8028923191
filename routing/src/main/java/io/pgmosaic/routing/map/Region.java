package io.pgmosaic.routing.map;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Where rows of one region lie: an overridden key on its shard, whatever its time; any other by the period of its time.
 *
 * @param name null when rows have no region
 * @param periods in order; each begins where the one before it ends
 * @param dedicated shards that own nothing but what overrides give them
 * @param overrides each to a shard of this region, so that no row leaves it
 */
public record Region(@Nullable String name, List<Period> periods, List<String> dedicated, List<KeyOverride> overrides) {
    /** @throws IllegalArgumentException when there is no period, or periods overlap or leave a gap */
    public Region {
        periods = List.copyOf(periods);
        dedicated = List.copyOf(dedicated);
        overrides = List.copyOf(overrides);
        if (periods.isEmpty()) {
            throw new IllegalArgumentException("region " + name + " has no shard for any time");
        }
        for (int i = 1; i < periods.size(); i++) {
            TimeSpan before = periods.get(i - 1).span();
            TimeSpan span = periods.get(i).span();
            if (before.until() == null || !Objects.equals(before.until(), span.from())) {
                throw new IllegalArgumentException("the periods " + before + " and " + span
                        + " overlap or leave a gap: let each begin where the one before it ends");
            }
        }
    }

    /** Of a map without regions and periods. */
    static Region everywhere(Partitioning partitioning, Collection<KeyOverride> overrides) {
        return new Region(null, List.of(Period.always(partitioning)), List.of(), List.copyOf(overrides));
    }

    /** Every shard of the region, each once. */
    List<String> shards() {
        Set<String> shards = new LinkedHashSet<>();
        periods.forEach(period -> shards.addAll(period.partitioning().shards()));
        shards.addAll(dedicated);
        return List.copyOf(shards);
    }

    /** Whether a row's place depends on its time. */
    boolean hasPeriods() {
        return periods.size() > 1 || !periods.getFirst().span().equals(TimeSpan.ALWAYS);
    }
}
