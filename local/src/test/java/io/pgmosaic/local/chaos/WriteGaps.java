package io.pgmosaic.local.chaos;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How long each shard acknowledged no write. */
final class WriteGaps {
    private final Map<String, long[]> acknowledged = new HashMap<>();

    WriteGaps(List<Operation> operations) {
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
    long longest(String shard, long from, long to) {
        long[] times = acknowledged.getOrDefault(shard, new long[0]);
        int index = Arrays.binarySearch(times, from);
        int next = index < 0 ? -index - 1 : index;
        long longest = 0;
        for (int later = Math.max(1, next); later < times.length && times[later - 1] <= to; later++) {
            longest = Math.max(longest, times[later] - times[later - 1]);
        }
        return longest;
    }

    /** The value that the given share of the values does not exceed (nearest rank); 0 when there are none. */
    static double quantile(List<Double> values, double share) {
        if (values.isEmpty()) {
            return 0;
        }
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get((int) Math.max(0, Math.ceil(share * sorted.size()) - 1));
    }
}
