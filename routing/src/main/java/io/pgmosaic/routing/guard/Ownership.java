package io.pgmosaic.routing.guard;

import io.pgmosaic.routing.key.Key;
import io.pgmosaic.routing.key.KeyType;
import io.pgmosaic.routing.key.KeyValue;
import io.pgmosaic.routing.map.Holding;
import io.pgmosaic.routing.map.KeyOverride;
import io.pgmosaic.routing.map.OrderedRange;
import io.pgmosaic.routing.map.OrderedRanges;
import io.pgmosaic.routing.map.Period;
import io.pgmosaic.routing.map.Region;
import io.pgmosaic.routing.map.Segment;
import io.pgmosaic.routing.map.ShardMap;
import io.pgmosaic.routing.map.ShardMap.Times;
import io.pgmosaic.routing.map.TimeSpan;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The condition under which a shard owns a key, as SQL. It is true for the keys that {@link ShardMap#ownerOf} gives to the
 * shard, false for all others, and null or false, never true, for a key with a null in it.
 */
final class Ownership {
    /** Above this many bounds, a binary search over them is less work than comparing with each of them. */
    private static final int MOST_COMPARED = 8;

    /** Null when rows have none. */
    private final @Nullable String region;

    private final List<Holding> holdings;
    /** Keys that the rule gives to this shard at some time, and an override takes away. */
    private final List<Key> lost;
    /** Keys that the rule does not always give to this shard, and an override does. */
    private final List<Key> gained;

    private Ownership(@Nullable String region, List<Holding> holdings, List<Key> lost, List<Key> gained) {
        this.region = region;
        this.holdings = holdings;
        this.lost = lost;
        this.gained = gained;
    }

    /**
     * @param types of the table's key
     * @throws IllegalArgumentException when the map has no such shard, or orders values of another type than the key's
     *     first
     */
    static Ownership of(ShardMap map, String shard, List<KeyType> types) {
        Region region = map.homeOf(shard);
        for (Period period : region.periods()) {
            if (period.partitioning() instanceof OrderedRanges ordered && ordered.type() != types.getFirst()) {
                throw new IllegalArgumentException("the ranges are of type " + ordered.type()
                        + ", and the key begins with a column of type " + types.getFirst());
            }
        }
        List<Key> lost = new ArrayList<>();
        List<Key> gained = new ArrayList<>();
        for (KeyOverride override : region.overrides()) {
            if (!override.key().types().equals(types)) {
                continue;
            }
            Times byRule = map.ownsByRule(shard, override.key());
            boolean byOverride = override.shard().equals(shard);
            if (byOverride && byRule != Times.ALWAYS) {
                gained.add(override.key());
            } else if (!byOverride && byRule != Times.NEVER) {
                lost.add(override.key());
            }
        }
        return new Ownership(region.name(), map.holdingsOf(shard), lost, gained);
    }

    static Ownership nothing() {
        return new Ownership(null, List.of(), List.of(), List.of());
    }

    /** Whether the condition is short enough to be read anew for every statement. */
    boolean isShort() {
        return holdings.stream().mapToInt(Holding::size).sum() + lost.size() + gained.size() <= MOST_COMPARED;
    }

    /** @throws IllegalArgumentException when the map has regions or periods, and the table lacks the column for it */
    String condition(KeySql key) {
        String condition = holdings.isEmpty()
                ? "(false)"
                : holdings.stream()
                        .map(holding -> "(" + held(holding, key) + ")")
                        .collect(Collectors.joining(" OR "));
        condition = holdings.size() > 1 ? "(" + condition + ")" : condition;
        if (!lost.isEmpty()) {
            condition = "(" + condition + " AND NOT " + oneOf(lost, key) + ")";
        }
        if (!gained.isEmpty()) {
            condition = "(" + condition + " OR " + oneOf(gained, key) + ")";
        }
        if (region != null) {
            String operand = required(key.region(), "a region");
            condition =
                    "(" + operand + " OPERATOR(pg_catalog.=) " + SqlText.literal(region) + " AND " + condition + ")";
        }
        return condition;
    }

    private static String required(@Nullable String operand, String what) {
        if (operand == null) {
            throw new IllegalArgumentException(
                    "where a row lives depends on " + what + ", and the table names no column for it");
        }
        return operand;
    }

    private static String held(Holding holding, KeySql key) {
        String condition =
                switch (holding) {
                    case Holding.Hashes hashes -> segmentCondition(hashes.segments(), key.hash());
                    case Holding.Values values ->
                        rangeCondition(values.ranges(), key.operands().getFirst());
                };
        TimeSpan span = holding.period().span();
        if (span.equals(TimeSpan.ALWAYS)) {
            return condition;
        }
        return between(span.from(), span.until(), required(key.time(), "its time")) + " AND (" + condition + ")";
    }

    private static String rangeCondition(List<OrderedRange> ranges, String operand) {
        return ranges.stream()
                .map(range -> "(" + between(range.from(), range.until(), operand) + ")")
                .collect(Collectors.joining(" OR "));
    }

    private static String between(@Nullable KeyValue from, @Nullable KeyValue until, String operand) {
        List<String> conditions = new ArrayList<>();
        if (from != null) {
            conditions.add(operand + " OPERATOR(pg_catalog.>=) " + KeySql.literal(from));
        }
        if (until != null) {
            conditions.add(operand + " OPERATOR(pg_catalog.<) " + KeySql.literal(until));
        }
        return conditions.isEmpty() ? operand + " IS NOT NULL" : String.join(" AND ", conditions);
    }

    private static String segmentCondition(List<Segment> segments, String hash) {
        return segments.size() > MOST_COMPARED
                ? searched(segments, hash)
                : segments.stream().map(segment -> within(segment, hash)).collect(Collectors.joining(" OR "));
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
    private static String searched(List<Segment> segments, String hash) {
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
