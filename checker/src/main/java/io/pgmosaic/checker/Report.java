package io.pgmosaic.checker;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What clients saw, in short.
 *
 * @param counts of operations by shard and outcome, such as {@code s0 acknowledged}
 * @param problems what clients were told when something was not acknowledged, and how often
 * @param gaps times in which a shard acknowledged no write for longer than is usual
 * @param violations of what was promised; empty when all is well
 */
public record Report(Map<String, Long> counts, Map<String, Long> problems, List<Gap> gaps, List<String> violations) {
    private static final long NOTABLE_NANOS = 300_000_000;
    private static final int MOST_VIOLATIONS = 20;

    /**
     * A time without an acknowledged write.
     *
     * @param from the time of day of the last one before, in milliseconds since 1970
     * @param to that of the first one after
     */
    public record Gap(String shard, long from, long to) {
        public double seconds() {
            return (to - from) / 1e3;
        }
    }

    static Report of(List<Operation> operations, List<Violation> violations, List<String> shards, Clocks clocks) {
        WriteGaps gaps = new WriteGaps(operations);
        List<Gap> notable = new ArrayList<>();
        for (String shard : shards) {
            gaps.longerThan(shard, NOTABLE_NANOS)
                    .forEach(gap -> notable.add(new Gap(
                            shard,
                            clocks.timeOf(gap.from()).toEpochMilli(),
                            clocks.timeOf(gap.to()).toEpochMilli())));
        }
        Map<String, Long> problems = operations.stream()
                .filter(operation -> !operation.isAcknowledged())
                .collect(Collectors.groupingBy(
                        operation -> operation.shard() + " " + outcome(operation) + ": "
                                + String.valueOf(operation.problem())
                                        .lines()
                                        .findFirst()
                                        .orElse(""),
                        TreeMap::new,
                        Collectors.counting()));
        return new Report(
                counts(operations),
                problems,
                notable,
                violations.stream()
                        .limit(MOST_VIOLATIONS)
                        .map(Violation::toString)
                        .toList());
    }

    static Map<String, Long> counts(List<Operation> operations) {
        return operations.stream()
                .collect(Collectors.groupingBy(
                        operation -> operation.shard() + " " + outcome(operation),
                        TreeMap::new,
                        Collectors.counting()));
    }

    private static String outcome(Operation operation) {
        return operation.outcome().name().toLowerCase(Locale.ROOT);
    }
}
