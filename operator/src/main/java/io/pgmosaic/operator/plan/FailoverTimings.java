package io.pgmosaic.operator.plan;

import io.pgmosaic.api.v1alpha1.cluster.FailoverSpec;
import io.pgmosaic.api.v1alpha1.common.DurationText;

import java.time.Duration;

/**
 * The spec's timings of a failover, parsed.
 *
 * @param detection how long a primary is unreachable before it is suspected
 * @param restartGrace how long PostgreSQL may take to come back in place
 * @param lease after which a primary that nobody confirms has stopped itself
 */
record FailoverTimings(Duration detection, Duration restartGrace, Duration lease, long maxDataLossBytes) {
    /** How long nobody must have been listening before that is more than a restart of the manager's socket. */
    static final Duration REFUSED = Duration.ofMillis(400);

    /** How long a standby must have been away before commits stop to count on it. */
    static final Duration LEAVE_AFTER = Duration.ofSeconds(5);

    /** How long a switchover waits for its target before the shard goes on with whoever is furthest ahead. */
    static final Duration SWITCHOVER_PATIENCE = Duration.ofSeconds(10);

    static FailoverTimings of(FailoverSpec spec) {
        return new FailoverTimings(
                DurationText.parse(spec.detectionTime()),
                DurationText.parse(spec.restartGrace()),
                DurationText.parse(spec.leaseDuration()),
                spec.maxDataLossBytes());
    }

    /** How long to wait until a lease as it is declared has run out. */
    Duration leaseIsOver() {
        return isOver(lease);
    }

    /**
     * How long to wait until a lease that was last lengthened at the beginning of the wait has run out on any clock: clocks
     * of different machines drift by less than a twentieth, and the primary needs a moment to stop.
     */
    static Duration isOver(Duration lease) {
        return lease.multipliedBy(21).dividedBy(20).plusMillis(500);
    }

    /** How long an election takes at most that nothing is in the way of, and as long again what makes its choice serve. */
    Duration patience() {
        return leaseIsOver().plusSeconds(5);
    }
}
