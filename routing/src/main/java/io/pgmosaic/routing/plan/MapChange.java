package io.pgmosaic.routing.plan;

import io.pgmosaic.routing.key.Key;
import io.pgmosaic.routing.map.Holding;
import io.pgmosaic.routing.map.KeyOverride;
import io.pgmosaic.routing.map.MapDifference;
import io.pgmosaic.routing.map.MapDifference.Hashes;
import io.pgmosaic.routing.map.MapDifference.Homeless;
import io.pgmosaic.routing.map.MapDifference.Move;
import io.pgmosaic.routing.map.Region;
import io.pgmosaic.routing.map.RowKey;
import io.pgmosaic.routing.map.Segment;
import io.pgmosaic.routing.map.ShardMap;
import io.pgmosaic.routing.map.UnplacedKeyException;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;

/**
 * What it would mean for the rows that there are, were they placed by another map. Hashes spread keys evenly, so a part of a
 * shard's hashes is about that part of its bytes; what is in the order of values is where the data has it, and nobody can say
 * how much that is without looking.
 *
 * @param relocations by rule
 * @param keys that are overridden in one of the maps and whose shard changes
 * @param homeless what has a place and would have none
 * @param share of all rows by rule, between 0 and 1; null where only the data can tell
 */
public record MapChange(
        List<Relocation> relocations,
        List<KeyRelocation> keys,
        List<Homeless> homeless,
        @Nullable Double share) {
    public MapChange {
        relocations = List.copyOf(relocations);
        keys = List.copyOf(keys);
        homeless = List.copyOf(homeless);
    }

    /** @param bytes that the tables in question hold on each shard; a shard that is missing was not measured */
    public static MapChange between(ShardMap before, ShardMap after, Map<String, Long> bytes) {
        MapDifference difference = MapDifference.between(before, after);
        OptionalDouble share = difference.share();
        return new MapChange(
                difference.moves().stream()
                        .map(move -> relocation(before, move, bytes.get(move.from())))
                        .toList(),
                keys(before, after),
                difference.homeless(),
                share.isPresent() ? share.getAsDouble() : null);
    }

    /** About the bytes that go anywhere; null when those of one relocation are unknown. */
    public @Nullable Long bytes() {
        long sum = 0;
        for (Relocation relocation : relocations) {
            if (relocation.bytes() == null) {
                return null;
            }
            sum += relocation.bytes();
        }
        return sum;
    }

    /** Whether every row stays where it is, and has a place. */
    public boolean isNone() {
        return relocations.isEmpty() && keys.isEmpty() && homeless.isEmpty();
    }

    private static Relocation relocation(ShardMap before, Move move, @Nullable Long size) {
        @Nullable Double share = shareOfSource(before, move);
        return new Relocation(move, share, share == null || size == null ? null : Math.round(share * size), size);
    }

    /** Unknown when the shard has rows of several periods, since how many there are of each is, too. */
    private static @Nullable Double shareOfSource(ShardMap before, Move move) {
        List<Holding> holdings = before.holdingsOf(move.from());
        if (holdings.size() == 1
                && holdings.getFirst() instanceof Holding.Hashes owned
                && owned.period().span().equals(move.span())
                && move.part() instanceof Hashes moving) {
            return Math.min(1, sum(moving.segments()) / sum(owned.segments()));
        }
        return null;
    }

    private static double sum(List<Segment> segments) {
        return segments.stream().mapToDouble(Segment::share).sum();
    }

    private record Place(@Nullable String region, Key key) {}

    private static List<KeyRelocation> keys(ShardMap before, ShardMap after) {
        Map<Place, @Nullable String> was = overridden(before);
        Map<Place, @Nullable String> is = overridden(after);
        Map<Place, @Nullable String> all = new LinkedHashMap<>(was);
        all.putAll(is);
        List<KeyRelocation> keys = new ArrayList<>();
        for (Place place : all.keySet()) {
            @Nullable String from = was.containsKey(place) ? was.get(place) : byRule(before, place);
            @Nullable String to = is.containsKey(place) ? is.get(place) : byRule(after, place);
            if (from == null || !Objects.equals(from, to)) {
                keys.add(new KeyRelocation(place.region(), place.key(), from, to));
            }
        }
        return keys;
    }

    private static Map<Place, @Nullable String> overridden(ShardMap map) {
        Map<Place, @Nullable String> overridden = new LinkedHashMap<>();
        for (Region region : map.regions()) {
            for (KeyOverride override : region.overrides()) {
                overridden.put(new Place(region.name(), override.key()), override.shard());
            }
        }
        return overridden;
    }

    private static @Nullable String byRule(ShardMap map, Place place) {
        try {
            return map.ownerOf(new RowKey(place.key(), place.region(), null));
        } catch (UnplacedKeyException dependsOnTheRow) {
            return null;
        }
    }
}
