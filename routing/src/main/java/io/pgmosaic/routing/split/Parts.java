package io.pgmosaic.routing.split;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The parts of a shard: what it owns below the first bound is the first one's, and so on; from the last bound on, the last one's.
 *
 * @param <B> a hash, or a value of a key's first column
 * @param shards in order; the shard that is split may be among them, and keeps its part
 * @param bounds one less than there are shards
 */
public record Parts<B>(List<String> shards, List<B> bounds) {
    /** @throws IllegalArgumentException when there are not two, a shard is named twice, or there are more or fewer bounds */
    public Parts {
        shards = List.copyOf(shards);
        bounds = List.copyOf(bounds);
        if (shards.size() < 2) {
            throw new IllegalArgumentException("a split makes two parts or more, and not " + shards.size());
        }
        if (bounds.size() != shards.size() - 1) {
            throw new IllegalArgumentException(shards.size() + " parts have " + (shards.size() - 1)
                    + " split points between them, and not " + bounds.size());
        }
        Set<String> names = new HashSet<>();
        for (String shard : shards) {
            if (!names.add(shard)) {
                throw new IllegalArgumentException("two parts are for shard " + shard);
            }
        }
    }

    /**
     * The part that a value is in.
     *
     * @param order of the bounds
     */
    int indexOf(B value, Comparator<? super B> order) {
        int index = 0;
        while (index < bounds.size() && order.compare(bounds.get(index), value) <= 0) {
            index++;
        }
        return index;
    }

    /** @throws IllegalArgumentException when the bounds do not rise */
    void requireRising(Comparator<? super B> order) {
        for (int i = 1; i < bounds.size(); i++) {
            if (order.compare(bounds.get(i - 1), bounds.get(i)) >= 0) {
                throw new IllegalArgumentException("split points rise from part to part, and that of " + shards.get(i)
                        + " does not: write them in order");
            }
        }
    }

    /**
     * @param filled the indexes of those that own something
     * @throws IllegalArgumentException when a part owns nothing
     */
    void requireFilled(Set<Integer> filled, String source) {
        for (int i = 0; i < shards.size(); i++) {
            if (!filled.contains(i)) {
                throw new IllegalArgumentException("the part for shard " + shards.get(i)
                        + " would have nothing: a split point is outside of what shard " + source
                        + " owns, or at its edge");
            }
        }
    }
}
