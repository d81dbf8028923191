package io.pgmosaic.routing.map;

import io.pgmosaic.routing.hash.PostgresHash;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A consistent-hash ring. Each shard has {@code virtualNodes} positions on it, PostgreSQL's hash (seed 0) of the text
 * {@code <shard>:vn<i>} with i from 0; a key belongs to the first position at or after its hash, and after the last to
 * the first. A new shard takes keys from all others and moves none between them.
 */
public final class HashRing implements Partitioning {
    public static final int DEFAULT_VIRTUAL_NODES = 150;
    private static final int MOST_VIRTUAL_NODES = 10_000;

    private final List<String> shards;
    private final int virtualNodes;
    /** Sorted by hash. Two shards at one hash: the lesser name owns it, whatever the order of the list. */
    private final List<Position> positions;

    /** @param index of the shard in the list of shards */
    private record Position(long hash, String shard, int index) {}

    private HashRing(List<String> shards, int virtualNodes, List<Position> positions) {
        this.shards = shards;
        this.virtualNodes = virtualNodes;
        this.positions = positions;
    }

    public static HashRing of(List<String> shards) {
        return of(shards, DEFAULT_VIRTUAL_NODES);
    }

    /**
     * @throws IllegalArgumentException when a shard is listed twice, or there are fewer than 1 or more than 10,000
     *     virtual nodes
     */
    public static HashRing of(List<String> shards, int virtualNodes) {
        List<String> checked = ShardNames.checked(shards);
        if (virtualNodes < 1 || virtualNodes > MOST_VIRTUAL_NODES) {
            throw new IllegalArgumentException(
                    "a ring has 1 to " + MOST_VIRTUAL_NODES + " virtual nodes a shard, not " + virtualNodes);
        }
        List<Position> positions = new ArrayList<>(checked.size() * virtualNodes);
        for (int index = 0; index < checked.size(); index++) {
            String shard = checked.get(index);
            for (int i = 0; i < virtualNodes; i++) {
                positions.add(new Position(PostgresHash.text(shard + ":vn" + i, 0), shard, index));
            }
        }
        positions.sort(Comparator.comparingLong(Position::hash).thenComparing(Position::shard));
        return new HashRing(checked, virtualNodes, List.copyOf(positions));
    }

    @Override
    public List<String> shards() {
        return shards;
    }

    public int virtualNodes() {
        return virtualNodes;
    }

    /**
     * The first {@code count} different shards from {@code hash} onwards; the first of them is its owner.
     *
     * @throws IllegalArgumentException when {@code count} is not between 1 and the number of shards
     */
    public List<String> owners(long hash, int count) {
        if (count < 1 || count > shards.size()) {
            throw new IllegalArgumentException(
                    "asked for " + count + " owners on a ring of " + shards.size() + " shards");
        }
        Set<String> owners = new LinkedHashSet<>();
        for (int at = firstAtOrAfter(hash); owners.size() < count; at++) {
            owners.add(positions.get(at % positions.size()).shard());
        }
        return List.copyOf(owners);
    }

    private int firstAtOrAfter(long hash) {
        int low = 0;
        int high = positions.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (positions.get(middle).hash() < hash) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    @Override
    public SegmentTable compile() {
        long[] bounds = new long[positions.size() + 1];
        int[] owners = new int[positions.size() + 1];
        int count = 0;
        long lower = Long.MIN_VALUE;
        for (int i = 0; i < positions.size(); i++) {
            Position position = positions.get(i);
            if (i > 0 && position.hash() == positions.get(i - 1).hash()) {
                continue;
            }
            bounds[count] = lower;
            owners[count++] = position.index();
            lower = position.hash() + 1;
        }
        if (lower != Long.MIN_VALUE) {
            // Past the last position the ring wraps to the first; a last position at the largest bigint leaves nothing.
            bounds[count] = lower;
            owners[count++] = positions.getFirst().index();
        }
        return new SegmentTable(Arrays.copyOf(bounds, count), Arrays.copyOf(owners, count));
    }
}
