package io.pgmosaic.local.pods;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Something has changed: raised from any thread, awaited by one. Raising it twice before it is awaited counts once. */
final class Signal {
    private final Semaphore permits = new Semaphore(0);

    void raise() {
        permits.release();
    }

    /** Returns when it was raised since the last call, or after {@code limit}. */
    void await(Duration limit) throws InterruptedException {
        if (permits.tryAcquire(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            permits.drainPermits();
        }
    }
}
