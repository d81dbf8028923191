package io.pgmosaic.routing.split;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Split points by where rows are, of which some were looked at. */
public final class Sample {
    private Sample() {}

    /**
     * Points that leave each part about as many rows as any other.
     *
     * @param places hashes of rows' keys, or values of their first columns; in any order, one for each row
     * @param count of the parts
     * @throws IllegalArgumentException when the rows have too few different places to be parted
     */
    public static <B> List<B> quantiles(List<B> places, int count, Comparator<? super B> order) {
        List<B> sorted = places.stream().sorted(order).toList();
        List<B> bounds = new ArrayList<>();
        for (int i = 1; i < count; i++) {
            int from = (int) ((long) sorted.size() * i / count);
            B before = bounds.isEmpty() ? (sorted.isEmpty() ? null : sorted.getFirst()) : bounds.getLast();
            // A bound is the first place of the part after it, and so has to come after the first of the part before.
            B bound = sorted.stream()
                    .skip(from)
                    .filter(place -> order.compare(place, before) > 0)
                    .findFirst()
                    .orElseThrow(
                            () -> new IllegalArgumentException("the rows that were looked at have too few different"
                                    + " keys for " + count + " parts: name the split points, or make fewer parts"));
            bounds.add(bound);
        }
        return List.copyOf(bounds);
    }
}
