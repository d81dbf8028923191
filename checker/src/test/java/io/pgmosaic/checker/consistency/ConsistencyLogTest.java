package io.pgmosaic.checker.consistency;

import io.pgmosaic.checker.consistency.GuaranteedRouter.Target;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Which reads show less than they had to. */
final class ConsistencyLogTest {
    private static final Target REPLICA = new Target("s0", 1, "shop-s0-1", "10.0.0.1", 5432, true, null);

    private final Counters counters = new Counters();
    private final ConsistencyLog log = new ConsistencyLog(counters);

    private int violationsOfARead(long due, long found) {
        log.read(Guarantee.MONOTONIC, 7, due, found, REPLICA);
        return log.violations(Guarantee.MONOTONIC).size();
    }

    @Test
    void aReadThatShowsWhatItHasToIsGood() {
        counters.acknowledge(7, 3);
        assertThat(violationsOfARead(3, 3)).isZero();
        assertThat(violationsOfARead(3, 4)).isZero();
    }

    @Test
    void aReadThatShowsLessThanWhatWasAcknowledgedIsNot() {
        counters.acknowledge(7, 3);
        assertThat(violationsOfARead(3, 2)).isEqualTo(1);
    }

    @Test
    void aValueThatNobodyWasToldOfMayVanish() {
        counters.acknowledge(7, 3);
        counters.acknowledge(7, 6);
        assertThat(violationsOfARead(5, 3)).isZero();
        assertThat(violationsOfARead(5, 4)).isZero();
    }

    @Test
    void whatWasAcknowledgedBeforeItMayNot() {
        counters.acknowledge(7, 3);
        assertThat(violationsOfARead(5, 2)).isEqualTo(1);
    }

    @Test
    void othersCountersDoNotMatter() {
        counters.acknowledge(8, 3);
        assertThat(violationsOfARead(3, 0)).isZero();
    }
}
