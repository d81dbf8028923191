package io.pgmosaic.operator.topology;

import java.time.Duration;

/**
 * What one replica of the operator serves.
 *
 * @param streams how many at once
 * @param requests how many others at once: single pictures and machine numbers
 * @param recheck how often a stream's token is looked at again
 * @param stall how long a receiver may leave what waits for it; one that comes back gets the newest state
 * @param farewell over how long the receivers of a replica that stops are spread at most
 */
public record StreamLimits(int streams, int requests, Duration recheck, Duration stall, Duration farewell) {
    private static final int REQUESTS = 256;
    /** As long as a router waits for a line. */
    private static final Duration STALL = Duration.ofSeconds(10);
    /** Well within the 30 s that a pod is given to stop. */
    private static final Duration FAREWELL = Duration.ofSeconds(5);

    /** @param streams how many at once */
    public static StreamLimits of(int streams, Duration recheck) {
        return new StreamLimits(streams, REQUESTS, recheck, STALL, FAREWELL);
    }
}
