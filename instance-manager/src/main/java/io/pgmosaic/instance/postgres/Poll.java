package io.pgmosaic.instance.postgres;

import java.io.IOException;
import java.time.Duration;

/** Waits for what nothing announces: another process's file, or the end of a process that is not our child. */
public final class Poll {
    private static final long PAUSE_MILLIS = 5;

    private Poll() {}

    /** What is waited for. */
    public interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    /** @return whether the condition held before the time was over */
    public static boolean until(Condition condition, Duration patience) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            Thread.sleep(PAUSE_MILLIS);
        }
        return true;
    }
}
