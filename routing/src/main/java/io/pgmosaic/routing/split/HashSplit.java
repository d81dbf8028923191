package io.pgmosaic.routing.split;

import io.pgmosaic.routing.map.HashRange;
import io.pgmosaic.routing.map.HashRanges;
import io.pgmosaic.routing.map.Holding;
import io.pgmosaic.routing.map.Partitioning;
import io.pgmosaic.routing.map.Segment;
import io.pgmosaic.routing.map.ShardMap;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Splits what a shard owns by hash. A ring becomes the ranges that it was, of which some change hands. */
public final class HashSplit {
    private record Owned(Segment segment, String shard) {}

    private HashSplit() {}

    /**
     * The ranges after a split.
     *
     * @throws IllegalArgumentException when the shard owns no hash, a part would own none, or a new shard owns some already
     */
    public static HashRanges apply(Partitioning present, String source, Parts<Long> parts) {
        parts.requireRising(Comparator.naturalOrder());
        List<Owned> before = owned(present);
        requireOwner(before, source);
        for (String shard : parts.shards()) {
            if (!shard.equals(source)
                    && before.stream().anyMatch(one -> one.shard().equals(shard))) {
                throw new IllegalArgumentException("shard " + shard + " owns hashes already: name a new shard");
            }
        }
        List<HashRange> ranges = new ArrayList<>();
        Set<Integer> filled = new HashSet<>();
        for (Owned one : before) {
            if (one.shard().equals(source)) {
                cut(one.segment(), parts, ranges, filled);
            } else {
                add(ranges, one.segment().first(), one.shard());
            }
        }
        parts.requireFilled(filled, source);
        Set<String> shards = new LinkedHashSet<>(present.shards());
        shards.addAll(parts.shards());
        if (!parts.shards().contains(source)) {
            shards.remove(source);
        }
        return new HashRanges(List.copyOf(shards), ranges);
    }

    private static void cut(Segment segment, Parts<Long> parts, List<HashRange> ranges, Set<Integer> filled) {
        int index = parts.indexOf(segment.first(), Comparator.naturalOrder());
        add(ranges, segment.first(), parts.shards().get(index));
        filled.add(index);
        while (index < parts.bounds().size() && parts.bounds().get(index) <= segment.last()) {
            add(ranges, parts.bounds().get(index), parts.shards().get(index + 1));
            index++;
            filled.add(index);
        }
    }

    /** Neighbours of one shard are one range. */
    private static void add(List<HashRange> ranges, long lower, String shard) {
        if (ranges.isEmpty() || !ranges.getLast().shard().equals(shard)) {
            ranges.add(new HashRange(lower, shard));
        }
    }

    /**
     * Split points that give each part the same share of the hashes.
     *
     * @param count of the parts
     * @throws IllegalArgumentException when the shard owns fewer hashes than that
     */
    public static List<Long> even(Partitioning present, String source, int count) {
        List<Segment> segments = new ArrayList<>();
        BigInteger total = BigInteger.ZERO;
        for (Owned one : owned(present)) {
            if (one.shard().equals(source)) {
                segments.add(one.segment());
                total = total.add(size(one.segment()));
            }
        }
        if (total.compareTo(BigInteger.valueOf(count)) < 0) {
            throw new IllegalArgumentException(
                    "shard " + source + " owns " + total + " hashes, too few for " + count + " parts");
        }
        List<Long> bounds = new ArrayList<>();
        for (int i = 1; i < count; i++) {
            BigInteger left = total.multiply(BigInteger.valueOf(i)).divide(BigInteger.valueOf(count));
            for (Segment segment : segments) {
                if (left.compareTo(size(segment)) < 0) {
                    bounds.add(BigInteger.valueOf(segment.first()).add(left).longValueExact());
                    break;
                }
                left = left.subtract(size(segment));
            }
        }
        return List.copyOf(bounds);
    }

    private static BigInteger size(Segment segment) {
        return BigInteger.valueOf(segment.last())
                .subtract(BigInteger.valueOf(segment.first()))
                .add(BigInteger.ONE);
    }

    private static void requireOwner(List<Owned> owned, String source) {
        if (owned.stream().noneMatch(one -> one.shard().equals(source))) {
            throw new IllegalArgumentException("shard " + source + " owns no hash, so there is nothing to split");
        }
    }

    /** In order, neighbours of one shard together. */
    private static List<Owned> owned(Partitioning partitioning) {
        ShardMap map = ShardMap.of(1, partitioning);
        List<Owned> owned = new ArrayList<>();
        for (String shard : partitioning.shards()) {
            for (Holding holding : map.holdingsOf(shard)) {
                if (!(holding instanceof Holding.Hashes hashes)) {
                    throw new IllegalArgumentException("shard " + shard + " owns values, and no hashes");
                }
                hashes.segments().forEach(segment -> owned.add(new Owned(segment, shard)));
            }
        }
        owned.sort(Comparator.comparingLong(one -> one.segment().first()));
        return owned;
    }
}
