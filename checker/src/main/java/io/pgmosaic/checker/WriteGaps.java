package io.pgmosaic.checker;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How long each shard acknowledged no write. */
public final class WriteGaps {
    private final Map<String, long[]> acknowledged = new HashMap<>();

    public WriteGaps(List<Operation> operations) {
        Map<String, List<Long>> ends = new HashMap<>();
        for (Operation operation : operations) {
            String shard = operation.shard();
            if (operation.isWrite() && operation.isAcknowledged()) {
                ends.computeIfAbsent(shard, name -> new ArrayList<>()).add(operation.ended());
            }
        }
        ends.forEach((shard, times) -> acknowledged.put(
                shard, times.stream().mapToLong(Long::longValue).sorted().toArray()));
    }

    /**
     * The longest time between two acknowledgements that follow each other, of those that overlap the time from {@code from}
     * to {@code to}, in nanoseconds; 0 when there are none.
     */
    public long longest(String shard, long from, long to) {
        long[] times = acknowledged.getOrDefault(shard, new long[0]);
        int index = Arrays.binarySearch(times, from);
        int next = index < 0 ? -index - 1 : index;
        long longest = 0;
        for (int later = Math.max(1, next); later < times.length && times[later - 1] <= to; later++) {
            longest = Math.max(longest, times[later] - times[later - 1]);
        }
        return longest;
    }

    /** A time between two acknowledgements that follow each other. */
    public record Gap(long from, long to) {}

    /** Those of a shard that are longer than this, in their order. */
    public List<Gap> longerThan(String shard, long nanos) {
        long[] times = acknowledged.getOrDefault(shard, new long[0]);
        List<Gap> gaps = new ArrayList<>();
        for (int later = 1; later < times.length; later++) {
            if (times[later] - times[later - 1] > nanos) {
                gaps.add(new Gap(times[later - 1], times[later]));
            }
        }
        return gaps;
    }

    /** The value that the given share of the values does not exceed (nearest rank); 0 when there are none. */
    public static double quantile(List<Double> values, double share) {
        if (values.isEmpty()) {
            return 0;
        }
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get((int) Math.max(0, Math.ceil(share * sorted.size()) - 1));
    }
}
