package io.pgmosaic.router.http;

import io.pgmosaic.routing.key.KeyValue;
import io.pgmosaic.routing.map.MapDifference;
import io.pgmosaic.routing.map.MapDifference.Homeless;
import io.pgmosaic.routing.map.MapDifference.Move;
import io.pgmosaic.routing.map.OrderedRange;
import io.pgmosaic.routing.map.TimeSpan;
import io.pgmosaic.routing.plan.ClusterPlan;
import io.pgmosaic.routing.plan.GroupPlan;
import io.pgmosaic.routing.plan.KeyRelocation;
import io.pgmosaic.routing.plan.Relocation;
import io.pgmosaic.routing.plan.ShardCount;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Locale;

/**
 * The body of the answer to {@code POST /v1/plan}.
 *
 * @param mapVersion of the present map
 * @param shards that there would be; null when only a capacity is asked about
 * @param groups one for the tables of no group and one for each group; null as {@code shards}
 * @param count how many shards it takes; null when no capacity is given
 */
record PlanDocument(
        long mapVersion,
        @Nullable List<String> shards,
        @Nullable List<Group> groups,
        @Nullable Count count) {
    PlanDocument {
        shards = shards == null ? null : List.copyOf(shards);
        groups = groups == null ? null : List.copyOf(groups);
    }

    /**
     * @param group null for the tables of none
     * @param bytes that the tables hold now, about; null when a table was not measured on a shard
     * @param movingBytes about; null where only the data can tell, or a table was not measured
     * @param movingShare of all rows, by rule; null where only the data can tell
     * @param directory true when keys that have an entry in the directory are not counted; null when there is none
     */
    record Group(
            @Nullable String group,
            List<String> tables,
            @Nullable Long bytes,
            @Nullable Long movingBytes,
            @Nullable Double movingShare,
            List<Moving> moves,
            List<MovingKey> keys,
            List<Placeless> placeless,
            @Nullable Boolean directory) {
        Group {
            tables = List.copyOf(tables);
            moves = List.copyOf(moves);
            keys = List.copyOf(keys);
            placeless = List.copyOf(placeless);
        }

        static Group of(GroupPlan plan) {
            return new Group(
                    plan.group(),
                    plan.tables(),
                    plan.bytes(),
                    plan.change().bytes(),
                    plan.change().share(),
                    plan.change().relocations().stream().map(Moving::of).toList(),
                    plan.change().keys().stream().map(MovingKey::of).toList(),
                    plan.change().homeless().stream().map(Placeless::of).toList(),
                    plan.directory() ? true : null);
        }
    }

    /** What bounds rows: null for what does not. */
    record Bounds(
            @Nullable String region,
            @Nullable String timeFrom,
            @Nullable String timeUntil,
            @Nullable List<PlacesDocument.Range> ranges) {
        Bounds {
            ranges = ranges == null ? null : List.copyOf(ranges);
        }

        static Bounds of(@Nullable String region, TimeSpan span, List<OrderedRange> ranges) {
            return new Bounds(
                    region,
                    text(span.from()),
                    text(span.until()),
                    ranges.isEmpty()
                            ? null
                            : ranges.stream().map(PlacesDocument::range).toList());
        }

        private static @Nullable String text(@Nullable KeyValue value) {
            return value == null ? null : value.text();
        }
    }

    /**
     * @param share of the rows of the shard that they leave; null where only the data can tell
     * @param bytes about; null where the share or that shard's size is unknown
     * @param atMostBytes all that that shard has; null when it was not measured
     */
    record Moving(
            String from,
            String to,
            Bounds rows,
            @Nullable Double share,
            @Nullable Long bytes,
            @Nullable Long atMostBytes) {
        static Moving of(Relocation relocation) {
            Move move = relocation.move();
            return new Moving(
                    move.from(),
                    move.to(),
                    Bounds.of(
                            move.region(),
                            move.span(),
                            move.part() instanceof MapDifference.Values values ? values.ranges() : List.of()),
                    relocation.share(),
                    relocation.bytes(),
                    relocation.atMost());
        }
    }

    /** Null where it depends on the row's time, or is nowhere. */
    record MovingKey(
            @Nullable String region,
            List<String> key,
            @Nullable String from,
            @Nullable String to) {
        MovingKey {
            key = List.copyOf(key);
        }

        static MovingKey of(KeyRelocation relocation) {
            return new MovingKey(
                    relocation.region(),
                    relocation.key().values().stream().map(KeyValue::text).toList(),
                    relocation.from(),
                    relocation.to());
        }
    }

    /** Rows that would have no place. */
    record Placeless(Bounds rows) {
        static Placeless of(Homeless homeless) {
            return new Placeless(Bounds.of(homeless.region(), homeless.span(), homeless.ranges()));
        }
    }

    /**
     * @param shards with headroom, a power of two
     * @param needed before headroom and rounding
     * @param driver data, writes or reads: what asks for the most
     */
    record Count(int shards, double needed, String driver) {
        static Count of(ShardCount count) {
            return new Count(
                    count.shards(), count.needed(), count.driver().name().toLowerCase(Locale.ROOT));
        }
    }

    static PlanDocument of(
            long mapVersion, @Nullable List<String> shards, @Nullable ClusterPlan plan, @Nullable ShardCount count) {
        return new PlanDocument(
                mapVersion,
                shards,
                plan == null ? null : plan.groups().stream().map(Group::of).toList(),
                count == null ? null : Count.of(count));
    }
}
