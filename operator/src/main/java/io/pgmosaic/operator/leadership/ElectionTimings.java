package io.pgmosaic.operator.leadership;

import java.time.Duration;

/**
 * How soon a leader that is lost is replaced.
 *
 * @param lease for how long others have to see no renewal until one of them takes the lead
 * @param renewDeadline for how long the leader goes on without a renewal; shorter than the lease, so that it has stopped when
 *     another begins
 * @param retry how often the leader renews, and the others look
 */
public record ElectionTimings(Duration lease, Duration renewDeadline, Duration retry) {
    /** How many attempts fit into the renew deadline at least, so that one that fails costs no leadership. */
    private static final int ATTEMPTS = 3;

    public ElectionTimings {
        if (renewDeadline.compareTo(lease) >= 0) {
            throw new IllegalArgumentException("the leader would act beyond its lease: the renew deadline of "
                    + renewDeadline.toMillis() + " ms must be shorter than the lease of " + lease.toMillis() + " ms");
        }
        if (!retry.isPositive() || retry.multipliedBy(ATTEMPTS).compareTo(renewDeadline) > 0) {
            throw new IllegalArgumentException("the retry period of " + retry.toMillis() + " ms must fit " + ATTEMPTS
                    + " times into the renew deadline of " + renewDeadline.toMillis() + " ms");
        }
    }

    /** How long one request of the election may take. */
    Duration requestLimit() {
        return renewDeadline.dividedBy(ATTEMPTS);
    }
}
