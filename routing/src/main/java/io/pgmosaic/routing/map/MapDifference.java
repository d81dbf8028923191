package io.pgmosaic.routing.map;

import io.pgmosaic.routing.key.KeyValue;
import io.pgmosaic.routing.key.KeyValue.Timestamp;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What changes hands between two maps by rule, overrides aside.
 *
 * @param moves one for each region, span of time and pair of shards between which anything moves, in the order in which they
 *     first occur
 * @param homeless what had a place and would have none
 */
public record MapDifference(List<Move> moves, List<Homeless> homeless) {
    public MapDifference {
        moves = List.copyOf(moves);
        homeless = List.copyOf(homeless);
    }

    /**
     * Rows that go from one shard to another.
     *
     * @param region null when rows have none
     */
    public record Move(@Nullable String region, TimeSpan span, String from, String to, Part part) {}

    /**
     * Rows that no shard would own.
     *
     * @param region null when rows have none
     * @param ranges of values; empty for all of the span
     */
    public record Homeless(@Nullable String region, TimeSpan span, List<OrderedRange> ranges) {
        public Homeless {
            ranges = List.copyOf(ranges);
        }
    }

    /** Which of the keys of a span move. */
    public sealed interface Part {
        /** The part of all keys of the span that it is, between 0 and 1; empty where only the data can tell. */
        OptionalDouble share();
    }

    /** @param segments sorted; they do not touch each other */
    public record Hashes(List<Segment> segments) implements Part {
        public Hashes {
            segments = List.copyOf(segments);
        }

        @Override
        public OptionalDouble share() {
            return OptionalDouble.of(
                    segments.stream().mapToDouble(Segment::share).sum());
        }
    }

    /** @param ranges in order; the shard of each is the one that it goes to */
    public record Values(List<OrderedRange> ranges) implements Part {
        public Values {
            ranges = List.copyOf(ranges);
        }

        @Override
        public OptionalDouble share() {
            return OptionalDouble.empty();
        }
    }

    /** Some keys: one map goes by hash and the other by order, so where a key is says nothing about where it goes. */
    public record Some() implements Part {
        @Override
        public OptionalDouble share() {
            return OptionalDouble.empty();
        }
    }

    private record Route(String from, String to) {}

    public static MapDifference between(ShardMap before, ShardMap after) {
        List<Move> moves = new ArrayList<>();
        List<Homeless> homeless = new ArrayList<>();
        for (Region old : before.regions()) {
            Optional<Region> fresh = after.regions().stream()
                    .filter(region -> Objects.equals(region.name(), old.name()))
                    .findFirst();
            if (fresh.isEmpty()) {
                homeless.add(new Homeless(old.name(), TimeSpan.ALWAYS, List.of()));
            } else {
                compare(old, fresh.get(), moves, homeless);
            }
        }
        return new MapDifference(moves, homeless);
    }

    private static void compare(Region old, Region fresh, List<Move> moves, List<Homeless> homeless) {
        for (Period was : old.periods()) {
            @Nullable Timestamp covered = was.span().from();
            boolean isCovered = false;
            for (Period is : fresh.periods()) {
                @Nullable TimeSpan span = was.span().intersection(is.span());
                if (span == null) {
                    continue;
                }
                if (!isCovered && !Objects.equals(span.from(), was.span().from())) {
                    homeless.add(
                            new Homeless(old.name(), new TimeSpan(was.span().from(), span.from()), List.of()));
                }
                isCovered = true;
                covered = span.until();
                compare(old.name(), span, was.partitioning(), is.partitioning(), moves, homeless);
            }
            if (!isCovered) {
                homeless.add(new Homeless(old.name(), was.span(), List.of()));
            } else if (!Objects.equals(covered, was.span().until())) {
                homeless.add(new Homeless(
                        old.name(), new TimeSpan(covered, was.span().until()), List.of()));
            }
        }
    }

    private static void compare(
            @Nullable String region,
            TimeSpan span,
            Partitioning was,
            Partitioning is,
            List<Move> moves,
            List<Homeless> homeless) {
        if (was instanceof OrderedRanges old && is instanceof OrderedRanges fresh && old.type() == fresh.type()) {
            List<OrderedRange> lost = new ArrayList<>();
            values(old, fresh, lost)
                    .forEach((route, ranges) ->
                            moves.add(new Move(region, span, route.from(), route.to(), new Values(ranges))));
            if (!lost.isEmpty()) {
                homeless.add(new Homeless(region, span, lost));
            }
        } else if (was.compile() instanceof SegmentTable olds && is.compile() instanceof SegmentTable news) {
            hashes(was.shards(), olds, is.shards(), news)
                    .forEach((route, segments) ->
                            moves.add(new Move(region, span, route.from(), route.to(), new Hashes(segments))));
        } else {
            if (is instanceof OrderedRanges ordered && !ordered.outside().isEmpty()) {
                homeless.add(new Homeless(region, span, ordered.outside()));
            }
            for (String from : was.shards()) {
                for (String to : is.shards()) {
                    if (!from.equals(to)) {
                        moves.add(new Move(region, span, from, to, new Some()));
                    }
                }
            }
        }
    }

    private static Map<Route, List<Segment>> hashes(
            List<String> oldShards, SegmentTable olds, List<String> newShards, SegmentTable news) {
        Map<Route, List<Segment>> moving = new LinkedHashMap<>();
        int old = 0;
        int fresh = 0;
        long first = Long.MIN_VALUE;
        while (true) {
            long oldLast = olds.segment(old).last();
            long newLast = news.segment(fresh).last();
            long last = Math.min(oldLast, newLast);
            String from = oldShards.get(olds.owner(old));
            String to = newShards.get(news.owner(fresh));
            if (!from.equals(to)) {
                append(
                        moving.computeIfAbsent(new Route(from, to), route -> new ArrayList<>()),
                        new Segment(first, last));
            }
            if (last == Long.MAX_VALUE) {
                return moving;
            }
            first = last + 1;
            old += oldLast == last ? 1 : 0;
            fresh += newLast == last ? 1 : 0;
        }
    }

    private static void append(List<Segment> segments, Segment next) {
        if (!segments.isEmpty() && segments.getLast().last() + 1 == next.first()) {
            segments.add(new Segment(segments.removeLast().first(), next.last()));
        } else {
            segments.add(next);
        }
    }

    /** @param lost is given the ranges that had an owner and have none */
    private static Map<Route, List<OrderedRange>> values(OrderedRanges was, OrderedRanges is, List<OrderedRange> lost) {
        Map<Route, List<OrderedRange>> moving = new LinkedHashMap<>();
        for (OrderedRange old : was.ranges()) {
            @Nullable KeyValue from = old.from();
            boolean ended = false;
            for (OrderedRange fresh : is.ranges()) {
                @Nullable OrderedRange common = fresh.intersection(old);
                if (common == null) {
                    continue;
                }
                if (!Objects.equals(common.from(), from)) {
                    lost.add(new OrderedRange(from, common.from(), old.shard()));
                }
                if (!fresh.shard().equals(old.shard())) {
                    moving.computeIfAbsent(new Route(old.shard(), fresh.shard()), route -> new ArrayList<>())
                            .add(common);
                }
                from = common.until();
                ended = common.until() == null;
            }
            if (!ended && !Objects.equals(from, old.until())) {
                lost.add(new OrderedRange(from, old.until(), old.shard()));
            }
        }
        return moving;
    }

    /** The part of all keys whose owner changes, between 0 and 1; empty where only the data can tell. */
    public OptionalDouble share() {
        double share = 0;
        for (Move move : moves) {
            if (move.region() != null
                    || !move.span().equals(TimeSpan.ALWAYS)
                    || move.part().share().isEmpty()) {
                return OptionalDouble.empty();
            }
            share += move.part().share().getAsDouble();
        }
        return OptionalDouble.of(share);
    }
}
