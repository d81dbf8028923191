package io.pgmosaic.operator.migration.apply;

import java.time.Duration;

/** Whoever runs a step hears how it goes, and says whether it goes on. */
public interface Progress {
    /** A statement of the step waits for a lock, after so many attempts. */
    void awaitsLock(int attempts, String message);

    /** Whether somebody else leads by now, or a person wants otherwise. */
    boolean isOver();

    /** Rests that long, or until it is over. */
    void rest(Duration time) throws InterruptedException;
}
