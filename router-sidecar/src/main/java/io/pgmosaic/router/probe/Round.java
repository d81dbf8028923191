package io.pgmosaic.router.probe;

import io.pgmosaic.router.topology.Backoff;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * When one shard's servers are asked next. At random within limits that double: soon again while there is no primary, rarely while
 * there is one that says so itself. So the routers that lost the same operator at the same moment do not ask in step.
 */
final class Round {
    private final Backoff searching;
    private final Backoff settled;
    private final RandomGenerator random;
    private final long hurriedNanos;
    private boolean found;
    private boolean asking;
    private long endedAt;
    private long dueAt;

    /**
     * @param timing how soon
     * @param now by {@link System#nanoTime}
     */
    Round(Timing timing, RandomGenerator random, long now) {
        this.searching = new Backoff(timing.searchingLeast(), timing.searchingMost(), random);
        this.settled = new Backoff(timing.settledLeast(), timing.settledMost(), random);
        this.random = random;
        this.hurriedNanos = timing.hurried().toNanos();
        this.endedAt = now;
        this.dueAt = now + random.nextLong(timing.first().toNanos() + 1);
    }

    /**
     * @param alone how long no operator has been heard when the first server is asked
     * @param aloneAtStart the same of a router that has not heard any since it was started
     * @param first the first round is within so long after that
     * @param searchingLeast the least pause between rounds of a shard without a primary
     * @param searchingMost the longest
     * @param settledLeast the least pause between rounds of a shard whose primary was found
     * @param settledMost the longest
     * @param hurried the least pause between rounds of a shard whose clients complain, and how much later one is at most
     */
    record Timing(
            Duration alone,
            Duration aloneAtStart,
            Duration first,
            Duration searchingLeast,
            Duration searchingMost,
            Duration settledLeast,
            Duration settledMost,
            Duration hurried) {
        /** The load that follows is reckoned in {@code docs/operations.md}. */
        static final Timing USUAL = new Timing(
                Duration.ofSeconds(10),
                Duration.ofSeconds(3),
                Duration.ofSeconds(2),
                Duration.ofMillis(500),
                Duration.ofSeconds(15),
                Duration.ofSeconds(5),
                Duration.ofSeconds(60),
                Duration.ofSeconds(8));
    }

    boolean isDue(long now) {
        return !asking && now - dueAt >= 0;
    }

    /** For how long it has been due. */
    long overdueNanos(long now) {
        return now - dueAt;
    }

    /** A client complained of a primary that answers: the next round is sooner, though not at once, however many do. */
    void hurry() {
        long soon = endedAt + hurriedNanos + random.nextLong(hurriedNanos + 1);
        if (found && !asking && soon - dueAt < 0) {
            dueAt = soon;
        }
    }

    void begin() {
        asking = true;
    }

    /** @param hasPrimary whether one was found, or the one that is known answers */
    void end(boolean hasPrimary, long now) {
        asking = false;
        endedAt = now;
        if (hasPrimary != found) {
            found = hasPrimary;
            searching.reset();
            settled.reset();
        }
        dueAt = now + (hasPrimary ? settled : searching).next().toNanos();
    }
}
