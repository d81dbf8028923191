package io.pgmosaic.routing.guard;

import io.pgmosaic.routing.key.Key;
import io.pgmosaic.routing.key.KeyType;
import io.pgmosaic.routing.map.KeyOverride;
import io.pgmosaic.routing.map.Segment;
import io.pgmosaic.routing.map.ShardMap;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The condition under which a shard owns a key, as SQL. It is true for the keys that {@link ShardMap#ownerOf} gives to the
 * shard, false for all others, and null or false, never true, for a key with a null in it.
 */
final class Ownership {
    /** Above this many segments, a binary search over the bounds is less work than comparing with each of them. */
    private static final int MOST_COMPARED = 8;

    private final List<Segment> segments;
    /** Keys that the segments give to this shard and an override takes away. */
    private final List<Key> lost;
    /** Keys that the segments give to another shard and an override gives to this one. */
    private final List<Key> gained;

    private Ownership(List<Segment> segments, List<Key> lost, List<Key> gained) {
        this.segments = segments;
        this.lost = lost;
        this.gained = gained;
    }

    /** @throws IllegalArgumentException when the map has no such shard */
    static Ownership of(ShardMap map, String shard, List<KeyType> types) {
        List<Key> lost = new ArrayList<>();
        List<Key> gained = new ArrayList<>();
        for (KeyOverride override : map.overrides()) {
            boolean byHash = map.shardFor(override.key().hash()).equals(shard);
            boolean byOverride = override.shard().equals(shard);
            if (byHash != byOverride && override.key().types().equals(types)) {
                (byHash ? lost : gained).add(override.key());
            }
        }
        return new Ownership(map.segmentsOf(shard), lost, gained);
    }

    /** Whether the condition is short enough to be read anew for every statement. */
    boolean isShort() {
        return segments.size() + lost.size() + gained.size() <= MOST_COMPARED;
    }

    String condition(KeySql key) {
        String condition = "(" + segmentCondition(key.hash()) + ")";
        if (!lost.isEmpty()) {
            condition = "(" + condition + " AND NOT " + oneOf(lost, key) + ")";
        }
        if (!gained.isEmpty()) {
            condition = "(" + condition + " OR " + oneOf(gained, key) + ")";
        }
        return condition;
    }

    private String segmentCondition(String hash) {
        if (segments.size() > MOST_COMPARED) {
            return searched(hash);
        }
        if (segments.isEmpty()) {
            return "false";
        }
        return segments.stream().map(segment -> within(segment, hash)).collect(Collectors.joining(" OR "));
    }

    private static String within(Segment segment, String hash) {
        List<String> conditions = new ArrayList<>();
        if (segment.first() != Long.MIN_VALUE) {
            conditions.add(hash + " OPERATOR(pg_catalog.>=) " + SqlText.bigint(segment.first()));
        }
        if (segment.last() != Long.MAX_VALUE) {
            conditions.add(hash + " OPERATOR(pg_catalog.<=) " + SqlText.bigint(segment.last()));
        }
        // A shard that owns every hash still owns no key with a null in it.
        return conditions.isEmpty() ? "(" + hash + ") IS NOT NULL" : "(" + String.join(" AND ", conditions) + ")";
    }

    /** Ownership begins or ends at each bound, so the number of bounds at or before a hash says by its parity who owns it. */
    private String searched(String hash) {
        List<String> bounds = new ArrayList<>();
        for (Segment segment : segments) {
            if (segment.first() != Long.MIN_VALUE) {
                bounds.add(Long.toString(segment.first()));
            }
            if (segment.last() != Long.MAX_VALUE) {
                bounds.add(Long.toString(segment.last() + 1));
            }
        }
        int owned = segments.getFirst().first() == Long.MIN_VALUE ? 0 : 1;
        return "(pg_catalog.width_bucket(" + hash + ", '{" + String.join(",", bounds)
                + "}'::pg_catalog.int8[]) OPERATOR(pg_catalog.&) 1) OPERATOR(pg_catalog.=) " + owned;
    }

    /** Compares hashes first: nearly every row is done with that, however many overrides there are. */
    private static String oneOf(List<Key> keys, KeySql key) {
        String hashes =
                keys.stream().map(one -> Long.toString(one.hash())).distinct().collect(Collectors.joining(","));
        return "(" + key.hash() + " OPERATOR(pg_catalog.=) ANY ('{" + hashes + "}'::pg_catalog.int8[]) AND ("
                + keys.stream().map(key::equalTo).collect(Collectors.joining(" OR ")) + "))";
    }
}
