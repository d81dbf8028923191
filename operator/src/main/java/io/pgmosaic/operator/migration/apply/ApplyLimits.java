package io.pgmosaic.operator.migration.apply;

import java.time.Duration;

/**
 * How patient a statement is.
 *
 * @param lockTimeout how long it waits for a lock, and all that wants the table waits behind it
 * @param lockAttempts how often it is tried when a lock is not to be had
 * @param statementTimeout how long it may run; zero for any time
 */
public record ApplyLimits(Duration lockTimeout, int lockAttempts, Duration statementTimeout) {
    private static final Duration FIRST_REST = Duration.ofMillis(500);
    private static final Duration LONGEST_REST = Duration.ofMinutes(1);

    /** How long to rest after an attempt, from 1, at which a lock was not to be had. */
    public static Duration rest(int attempt) {
        Duration rest = FIRST_REST.multipliedBy(1L << Math.min(attempt - 1, 10));
        return rest.compareTo(LONGEST_REST) > 0 ? LONGEST_REST : rest;
    }
}
