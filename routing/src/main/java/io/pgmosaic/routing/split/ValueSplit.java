package io.pgmosaic.routing.split;

import io.pgmosaic.routing.key.KeyValue;
import io.pgmosaic.routing.map.OrderedRange;
import io.pgmosaic.routing.map.OrderedRanges;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Splits what a shard owns by the order of values. */
public final class ValueSplit {
    private ValueSplit() {}

    /**
     * The ranges after a split.
     *
     * @throws IllegalArgumentException when the shard owns no range, a bound is of another type, a part would own nothing, or a new
     *     shard owns a range already
     */
    public static OrderedRanges apply(OrderedRanges present, String source, Parts<KeyValue> parts) {
        for (KeyValue bound : parts.bounds()) {
            if (bound.type() != present.type()) {
                throw new IllegalArgumentException(
                        "a split point of these ranges is a " + present.type() + ", and not a " + bound.type());
            }
        }
        parts.requireRising(OrderedRanges::compare);
        for (String shard : parts.shards()) {
            if (!shard.equals(source) && !present.rangesOf(shard).isEmpty()) {
                throw new IllegalArgumentException("shard " + shard + " owns a range already: name a new shard");
            }
        }
        if (present.rangesOf(source).isEmpty()) {
            throw new IllegalArgumentException("shard " + source + " owns no range, so there is nothing to split");
        }
        List<OrderedRange> ranges = new ArrayList<>();
        Set<Integer> filled = new HashSet<>();
        for (OrderedRange range : present.ranges()) {
            if (range.shard().equals(source)) {
                cut(range, parts, ranges, filled);
            } else {
                ranges.add(range);
            }
        }
        parts.requireFilled(filled, source);
        Set<String> shards = new LinkedHashSet<>(present.shards());
        shards.addAll(parts.shards());
        if (!parts.shards().contains(source)) {
            shards.remove(source);
        }
        return new OrderedRanges(List.copyOf(shards), present.type(), ranges);
    }

    private static void cut(OrderedRange range, Parts<KeyValue> parts, List<OrderedRange> ranges, Set<Integer> filled) {
        @Nullable KeyValue from = range.from();
        int index = from == null ? 0 : parts.indexOf(from, OrderedRanges::compare);
        while (index < parts.bounds().size() && isBefore(parts.bounds().get(index), range.until())) {
            KeyValue bound = parts.bounds().get(index);
            ranges.add(new OrderedRange(from, bound, parts.shards().get(index)));
            filled.add(index);
            from = bound;
            index++;
        }
        ranges.add(new OrderedRange(from, range.until(), parts.shards().get(index)));
        filled.add(index);
    }

    private static boolean isBefore(KeyValue bound, @Nullable KeyValue until) {
        return until == null || OrderedRanges.compare(bound, until) < 0;
    }
}
