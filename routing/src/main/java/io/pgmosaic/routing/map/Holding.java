package io.pgmosaic.routing.map;

import java.util.List;

/** What a shard owns by rule in one period, overrides aside. */
public sealed interface Holding {
    Period period();

    /** @param segments sorted; neighbours are one */
    record Hashes(Period period, List<Segment> segments) implements Holding {
        public Hashes {
            segments = List.copyOf(segments);
        }
    }

    /** @param ranges in order; neighbours are one */
    record Values(Period period, List<OrderedRange> ranges) implements Holding {
        public Values {
            ranges = List.copyOf(ranges);
        }
    }

    static Holding of(Period period, OwnerTable owners, String shard) {
        return switch (period.partitioning()) {
            case OrderedRanges ordered -> new Values(period, ordered.rangesOf(shard));
            case HashRanges ranges -> hashes(period, owners, shard);
            case HashRing ring -> hashes(period, owners, shard);
        };
    }

    private static Holding hashes(Period period, OwnerTable owners, String shard) {
        int position = period.partitioning().shards().indexOf(shard);
        return new Hashes(
                period, owners instanceof SegmentTable table && position >= 0 ? table.ownedBy(position) : List.of());
    }

    /** How many comparisons it takes to say whether something is in it. */
    default int size() {
        return switch (this) {
            case Hashes hashes -> hashes.segments().size();
            case Values values -> values.ranges().size();
        };
    }
}
