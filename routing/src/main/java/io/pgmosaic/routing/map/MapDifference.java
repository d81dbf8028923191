package io.pgmosaic.routing.map;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What changes hands between two maps, overrides aside.
 *
 * @param moves one for each pair of shards between which anything moves, in the order in which they first occur
 */
public record MapDifference(List<Move> moves) {
    public MapDifference {
        moves = List.copyOf(moves);
    }

    /** @param segments sorted; they do not touch each other */
    public record Move(String from, String to, List<Segment> segments) {
        public Move {
            segments = List.copyOf(segments);
        }

        /** The part of all hashes that moves, between 0 and 1. */
        public double share() {
            return segments.stream().mapToDouble(Segment::share).sum();
        }
    }

    private record Route(String from, String to) {}

    public static MapDifference between(ShardMap before, ShardMap after) {
        Map<Route, List<Segment>> moving = new LinkedHashMap<>();
        SegmentTable olds = before.segments();
        SegmentTable news = after.segments();
        int old = 0;
        int fresh = 0;
        long first = Long.MIN_VALUE;
        while (true) {
            long oldLast = olds.segment(old).last();
            long newLast = news.segment(fresh).last();
            long last = Math.min(oldLast, newLast);
            String from = before.shards().get(olds.owner(old));
            String to = after.shards().get(news.owner(fresh));
            if (!from.equals(to)) {
                append(
                        moving.computeIfAbsent(new Route(from, to), route -> new ArrayList<>()),
                        new Segment(first, last));
            }
            if (last == Long.MAX_VALUE) {
                break;
            }
            first = last + 1;
            old += oldLast == last ? 1 : 0;
            fresh += newLast == last ? 1 : 0;
        }
        return new MapDifference(moving.entrySet().stream()
                .map(move -> new Move(move.getKey().from(), move.getKey().to(), move.getValue()))
                .toList());
    }

    /** The part of all hashes whose owner changes, between 0 and 1. */
    public double share() {
        return moves.stream().mapToDouble(Move::share).sum();
    }

    private static void append(List<Segment> segments, Segment next) {
        if (!segments.isEmpty() && segments.getLast().last() + 1 == next.first()) {
            segments.add(new Segment(segments.removeLast().first(), next.last()));
        } else {
            segments.add(next);
        }
    }
}
