package io.pgmosaic.local.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waits for something that the cluster does by itself. */
public final class Eventually {
    private static final Duration PAUSE = Duration.ofMillis(50);

    private Eventually() {}

    /** A look at the cluster. */
    @FunctionalInterface
    public interface Question<T> {
        /** What is waited for; empty when it is not so yet. */
        Optional<T> ask() throws InterruptedException;
    }

    /**
     * Asks until there is an answer.
     *
     * @param what is waited for, for the failure
     * @param seen describes how it is instead, for the failure
     */
    public static <T> T get(String what, Duration limit, Supplier<String> seen, Question<T> question)
            throws StepFailed, InterruptedException {
        Instant deadline = Instant.now().plus(limit);
        while (true) {
            Optional<T> answer = question.ask();
            if (answer.isPresent()) {
                return answer.get();
            }
            if (Instant.now().isAfter(deadline)) {
                throw new StepFailed("after " + limit.toSeconds() + " s still not " + what + ": " + seen.get());
            }
            LockSupport.parkNanos(PAUSE.toNanos());
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while waiting for " + what);
            }
        }
    }
}
