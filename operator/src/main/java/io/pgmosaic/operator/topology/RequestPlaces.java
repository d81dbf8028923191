package io.pgmosaic.operator.topology;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/** So many requests may be under way, from before they are read until they are answered. */
final class RequestPlaces {
    private final Semaphore free;

    RequestPlaces(int most) {
        this.free = new Semaphore(most);
    }

    /** Returns what gives the place back, the first time it runs; null when there is none. */
    @Nullable
    Runnable take() {
        if (!free.tryAcquire()) {
            return null;
        }
        AtomicBoolean held = new AtomicBoolean(true);
        return () -> {
            if (held.getAndSet(false)) {
                free.release();
            }
        };
    }
}
