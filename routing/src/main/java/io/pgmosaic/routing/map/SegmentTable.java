package io.pgmosaic.routing.map;

import io.pgmosaic.routing.key.Key;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Sorted lower bounds with an owner each, and the index that finds a hash among them.
 *
 * <p>The index divides the hashes by their upper bits into at least twice as many buckets as there are segments and holds
 * the segment in which each bucket begins. A lookup reads two neighbours of it and searches between them; bounds that
 * come from a hash leave at most a few there, and the worst list costs one binary search.
 */
final class SegmentTable implements OwnerTable {
    private static final int MOST_BUCKETS = 1 << 20;

    private final long[] bounds;
    private final int[] owners;
    private final int[] buckets;
    private final int shift;

    /**
     * @param bounds sorted, distinct, the first at {@link Long#MIN_VALUE}
     * @param owners of each bound; neighbours of one owner become one segment
     */
    SegmentTable(long[] bounds, int[] owners) {
        if (bounds.length == 0 || bounds[0] != Long.MIN_VALUE || owners.length != bounds.length) {
            throw new IllegalArgumentException("bounds do not begin at the smallest bigint, or lack owners");
        }
        int segments = 1;
        for (int i = 1; i < bounds.length; i++) {
            if (bounds[i] <= bounds[i - 1]) {
                throw new IllegalArgumentException("bounds are not sorted: " + bounds[i - 1] + ", " + bounds[i]);
            }
            if (owners[i] != owners[i - 1]) {
                segments++;
            }
        }
        this.bounds = new long[segments];
        this.owners = new int[segments];
        for (int i = 0, to = 0; i < bounds.length; i++) {
            if (i == 0 || owners[i] != owners[i - 1]) {
                this.bounds[to] = bounds[i];
                this.owners[to++] = owners[i];
            }
        }
        int count = Math.min(MOST_BUCKETS, Integer.highestOneBit(segments) << 2);
        this.shift = Long.SIZE - Integer.numberOfTrailingZeros(count);
        this.buckets = new int[count + 1];
        for (int bucket = 0, segment = 0; bucket < count; bucket++) {
            long start = ((long) bucket << shift) ^ Long.MIN_VALUE;
            while (segment + 1 < segments && this.bounds[segment + 1] <= start) {
                segment++;
            }
            buckets[bucket] = segment;
        }
        buckets[count] = segments - 1;
    }

    @Override
    public int owner(Key key, long hash) {
        return owner(hash);
    }

    @Override
    public int owner(long key, long hash) {
        return owner(hash);
    }

    /** The position in the list of shards of the one that owns {@code hash}. */
    int owner(long hash) {
        int bucket = (int) ((hash ^ Long.MIN_VALUE) >>> shift);
        int low = buckets[bucket];
        int high = buckets[bucket + 1];
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (bounds[middle] <= hash) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return owners[low];
    }

    int size() {
        return bounds.length;
    }

    int owner(int segment) {
        return owners[segment];
    }

    Segment segment(int segment) {
        return new Segment(bounds[segment], segment + 1 < bounds.length ? bounds[segment + 1] - 1 : Long.MAX_VALUE);
    }

    List<Segment> ownedBy(int shard) {
        List<Segment> owned = new ArrayList<>();
        for (int i = 0; i < bounds.length; i++) {
            if (owners[i] == shard) {
                owned.add(segment(i));
            }
        }
        return List.copyOf(owned);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SegmentTable table
                && Arrays.equals(bounds, table.bounds)
                && Arrays.equals(owners, table.owners);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(bounds) + Arrays.hashCode(owners);
    }
}
