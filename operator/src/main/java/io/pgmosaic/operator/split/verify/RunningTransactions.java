package io.pgmosaic.operator.split.verify;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What {@code pg_current_snapshot()} says.
 *
 * @param next the first transaction number that was not yet given out to one that had ended
 * @param running of those before it
 */
record RunningTransactions(long next, Set<Long> running) {
    static RunningTransactions parse(String text) {
        String[] parts = text.split(":", -1);
        Set<Long> running = Stream.of(parts[2].split(","))
                .filter(number -> !number.isEmpty())
                .map(Long::valueOf)
                .collect(Collectors.toUnmodifiableSet());
        return new RunningTransactions(Long.parseLong(parts[1]), running);
    }

    /** The first that was not over. */
    long oldest() {
        return running.stream().mapToLong(Long::longValue).min().orElse(next);
    }

    /** Apart from one, which does not see itself. */
    RunningTransactions without(long transaction) {
        return new RunningTransactions(
                next, running.stream().filter(number -> number != transaction).collect(Collectors.toUnmodifiableSet()));
    }
}
