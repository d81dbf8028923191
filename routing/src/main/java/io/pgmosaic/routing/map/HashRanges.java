package io.pgmosaic.routing.map;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * Contiguous ranges of hashes. A split cuts one range and leaves the others where they are.
 *
 * @param ranges sorted by lower bound, the first at {@link Long#MIN_VALUE}; a shard may have any number of them
 */
public record HashRanges(List<String> shards, List<HashRange> ranges) implements Partitioning {
    /**
     * @throws IllegalArgumentException when a shard is listed twice, a range names one that is not listed, or the ranges
     *     are not sorted, repeat a bound or do not begin at the smallest bigint
     */
    public HashRanges {
        shards = ShardNames.checked(shards);
        ranges = List.copyOf(ranges);
        if (ranges.isEmpty() || ranges.getFirst().lower() != Long.MIN_VALUE) {
            throw new IllegalArgumentException("the first hash range begins at " + Long.MIN_VALUE);
        }
        for (int i = 0; i < ranges.size(); i++) {
            HashRange range = ranges.get(i);
            if (!shards.contains(range.shard())) {
                throw new IllegalArgumentException("the hash range from " + range.lower() + " names shard "
                        + range.shard() + ", which is not one of " + shards);
            }
            if (i > 0 && range.lower() <= ranges.get(i - 1).lower()) {
                throw new IllegalArgumentException(
                        "the hash range from " + range.lower() + " does not follow the one before it, from "
                                + ranges.get(i - 1).lower());
            }
        }
    }

    /** One range of equal size for each shard, in the order of the list; sizes differ by at most one hash. */
    public static HashRanges even(List<String> shards) {
        BigInteger count = BigInteger.valueOf(Math.max(1, shards.size()));
        List<HashRange> ranges = new ArrayList<>(shards.size());
        for (int i = 0; i < shards.size(); i++) {
            BigInteger offset = BigInteger.ONE
                    .shiftLeft(Long.SIZE)
                    .multiply(BigInteger.valueOf(i))
                    .divide(count);
            long lower = BigInteger.valueOf(Long.MIN_VALUE).add(offset).longValueExact();
            ranges.add(new HashRange(lower, shards.get(i)));
        }
        return new HashRanges(shards, ranges);
    }

    @Override
    public SegmentTable compile() {
        return new SegmentTable(
                ranges.stream().mapToLong(HashRange::lower).toArray(),
                ranges.stream().map(HashRange::shard).mapToInt(shards::indexOf).toArray());
    }
}
