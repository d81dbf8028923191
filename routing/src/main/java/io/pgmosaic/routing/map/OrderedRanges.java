package io.pgmosaic.routing.map;

import io.pgmosaic.routing.key.KeyType;
import io.pgmosaic.routing.key.KeyValue;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Contiguous ranges of the values of a key's first column, so that neighbours lie together. What lies before the first or
 * after the last range belongs to no shard.
 *
 * @param shards every shard there is, also one without a range
 * @param type of the column: bigint, timestamptz, or text in the order of its bytes in UTF-8
 * @param ranges in order; each begins where the one before it ends. A shard may have any number of them
 */
public record OrderedRanges(List<String> shards, KeyType type, List<OrderedRange> ranges) implements Partitioning {
    /**
     * @throws IllegalArgumentException when ranges overlap, leave a gap, are empty, are of another type or name a shard that
     *     is not listed
     */
    public OrderedRanges {
        shards = ShardNames.checked(shards);
        ranges = List.copyOf(ranges);
        if (type == KeyType.UUID) {
            throw new IllegalArgumentException(
                    "ranges of UUIDs say nothing: take hash ranges, or a key of another type");
        }
        if (ranges.isEmpty()) {
            throw new IllegalArgumentException("there is no range");
        }
        for (int i = 0; i < ranges.size(); i++) {
            check(ranges.get(i), type, shards);
            if (i > 0) {
                checkNeighbours(ranges.get(i - 1), ranges.get(i));
            }
        }
    }

    private static void check(OrderedRange range, KeyType type, List<String> shards) {
        if (!shards.contains(range.shard())) {
            throw new IllegalArgumentException(
                    "the range " + range + " names shard " + range.shard() + ", which is not one of " + shards);
        }
        if ((range.from() != null && range.from().type() != type)
                || (range.until() != null && range.until().type() != type)) {
            throw new IllegalArgumentException("the range " + range + " is not one of " + type);
        }
        if (range.from() != null && range.until() != null && compare(range.from(), range.until()) >= 0) {
            throw new IllegalArgumentException("the range " + range + " ends before it begins, or has nothing in it");
        }
    }

    private static void checkNeighbours(OrderedRange before, OrderedRange range) {
        if (before.until() == null || range.from() == null || compare(before.until(), range.from()) > 0) {
            throw new IllegalArgumentException("the ranges " + before + " and " + range
                    + " overlap, or are not in order: let each begin where the one before it ends");
        }
        if (compare(before.until(), range.from()) < 0) {
            throw new IllegalArgumentException("between the ranges " + before + " and " + range
                    + " there is a gap: let each begin where the one before it ends");
        }
    }

    /** The order of the values, both of one type. */
    public static int compare(KeyValue one, KeyValue other) {
        return one instanceof KeyValue.Text text && other instanceof KeyValue.Text otherText
                ? TextOrderTable.ORDER.compare(text.value(), otherText.value())
                : Long.compare(OrderTable.number(one), OrderTable.number(other));
    }

    /** What {@code shard} owns, in order; neighbours are one range. */
    public List<OrderedRange> rangesOf(String shard) {
        List<OrderedRange> owned = new ArrayList<>();
        for (OrderedRange range : ranges) {
            if (!range.shard().equals(shard)) {
                continue;
            }
            boolean touches = !owned.isEmpty() && Objects.equals(owned.getLast().until(), range.from());
            owned.add(touches ? new OrderedRange(owned.removeLast().from(), range.until(), shard) : range);
        }
        return List.copyOf(owned);
    }

    /**
     * What of the ranges is between two values, in order.
     *
     * @param from null for no bound
     * @param until null for no bound
     */
    List<OrderedRange> within(@Nullable KeyValue from, @Nullable KeyValue until) {
        OrderedRange wanted = new OrderedRange(from, until, "");
        List<OrderedRange> found = new ArrayList<>();
        for (OrderedRange range : ranges) {
            @Nullable OrderedRange common = range.intersection(wanted);
            if (common != null) {
                found.add(common);
            }
        }
        return found;
    }

    /** What lies before and after all ranges, and so belongs to nobody; the shard named is that of the range beside it. */
    List<OrderedRange> outside() {
        List<OrderedRange> outside = new ArrayList<>();
        OrderedRange first = ranges.getFirst();
        OrderedRange last = ranges.getLast();
        if (first.from() != null) {
            outside.add(new OrderedRange(null, first.from(), first.shard()));
        }
        if (last.until() != null) {
            outside.add(new OrderedRange(last.until(), null, last.shard()));
        }
        return List.copyOf(outside);
    }

    @Override
    public OwnerTable compile() {
        return type == KeyType.TEXT ? texts() : numbers();
    }

    private OwnerTable texts() {
        List<String> bounds = new ArrayList<>();
        List<Integer> owners = new ArrayList<>();
        for (OrderedRange range : ranges) {
            bounds.add(range.from() == null ? "" : range.from().text());
            owners.add(shards.indexOf(range.shard()));
        }
        @Nullable KeyValue end = ranges.getLast().until();
        if (end != null) {
            bounds.add(end.text());
            owners.add(OwnerTable.NOBODY);
        }
        return new TextOrderTable(
                bounds, owners.stream().mapToInt(Integer::intValue).toArray());
    }

    private OwnerTable numbers() {
        List<Long> bounds = new ArrayList<>();
        List<Integer> owners = new ArrayList<>();
        @Nullable KeyValue start = ranges.getFirst().from();
        if (start != null && OrderTable.number(start) != Long.MIN_VALUE) {
            bounds.add(Long.MIN_VALUE);
            owners.add(OwnerTable.NOBODY);
        }
        for (OrderedRange range : ranges) {
            bounds.add(range.from() == null ? Long.MIN_VALUE : OrderTable.number(range.from()));
            owners.add(shards.indexOf(range.shard()));
        }
        @Nullable KeyValue end = ranges.getLast().until();
        if (end != null) {
            bounds.add(OrderTable.number(end));
            owners.add(OwnerTable.NOBODY);
        }
        return new OrderTable(new SegmentTable(
                bounds.stream().mapToLong(Long::longValue).toArray(),
                owners.stream().mapToInt(Integer::intValue).toArray()));
    }
}
