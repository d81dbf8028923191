package io.pgmosaic.local.chaos;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waits for a condition. */
final class Waiting {
    private static final Duration PAUSE = Duration.ofMillis(100);

    private Waiting() {}

    /** A condition did not come true in time. */
    static final class TooLong extends Exception {
        private static final long serialVersionUID = 1L;

        TooLong(String message) {
            super(message);
        }
    }

    /**
     * Returns when nothing is missing any more.
     *
     * @param missing what is still missing, for a person; empty when nothing is
     */
    static void until(Duration limit, Supplier<Optional<String>> missing) throws TooLong, InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            Optional<String> still = missing.get();
            if (still.isEmpty()) {
                return;
            }
            if (System.nanoTime() > deadline) {
                throw new TooLong("after " + limit.toSeconds() + " s still: " + still.get());
            }
            LockSupport.parkNanos(PAUSE.toNanos());
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while waiting: " + still.get());
            }
        }
    }
}
