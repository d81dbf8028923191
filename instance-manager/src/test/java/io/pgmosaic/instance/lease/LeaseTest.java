package io.pgmosaic.instance.lease;

import io.pgmosaic.protocol.instance.LeaseState;
import io.pgmosaic.protocol.instance.PostgresConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/** A lease of term 4 for 6 s, granted at second 0 by a clock that has gone beyond half of its range already. */
final class LeaseTest {
    private static final long ORIGIN = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(3);
    private static final long NEVER = Long.MAX_VALUE;
    private static final long FIRST_TOKEN = 1000;

    private final Lease lease = new Lease(FIRST_TOKEN);

    private void grant(int members) {
        lease.grant(4, new PostgresConfiguration.Lease(6000, members), at(0));
    }

    private static long at(double seconds) {
        return ORIGIN + (long) (seconds * 1e9);
    }

    private long remainingMillis(double second) {
        return TimeUnit.NANOSECONDS.toMillis(lease.remaining(at(second)));
    }

    private void assertEndsAt(double second) {
        assertThat(lease.remaining(at(second - 0.001))).isPositive().isLessThanOrEqualTo(1_000_000);
        assertThat(lease.remaining(at(second))).isZero();
    }

    @Test
    void endsWhenNobodyConfirmsIt() {
        grant(3);
        assertThat(remainingMillis(0)).isEqualTo(6000);
        assertThat(remainingMillis(2.5)).isEqualTo(3500);
        assertEndsAt(6);
        assertThat(lease.end(at(6)))
                .isEqualTo("for 6.0 s neither the operator nor a majority of the shard confirmed term 4");
    }

    @Test
    void theOperatorAloneLengthensIt() {
        grant(3);
        long token = lease.token(at(2));
        lease.confirmByOperator(4, token, at(2.1));
        assertEndsAt(8);
    }

    @Test
    void aConfirmationThatWasUnderWayForLongCountsFromItsToken() {
        grant(3);
        long early = lease.token(at(1));
        long late = lease.token(at(3));
        lease.confirmByOperator(4, late, at(3.5));
        lease.confirmByOperator(4, early, at(5));
        assertThat(remainingMillis(5)).isEqualTo(4000);
        lease.confirmByOperator(4, late, at(8));
        assertEndsAt(9);
    }

    @Test
    void nothingThatComesAfterItsEndBringsItBack() {
        grant(3);
        long token = lease.token(at(5.9));
        lease.confirmByOperator(4, token, at(6));
        lease.hear("a", 4, token, at(6));
        lease.change(4, PostgresConfiguration.Lease.none(), at(6.1));
        assertThat(lease.remaining(at(6.2))).isZero();
        lease.grant(4, new PostgresConfiguration.Lease(6000, 3), at(7));
        assertEndsAt(13);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 3, 5, Long.MAX_VALUE, Long.MIN_VALUE})
    void aConfirmationOfAnotherTermSaysNothing(long term) {
        grant(3);
        lease.confirmByOperator(term, lease.token(at(2)), at(2));
        assertEndsAt(6);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, FIRST_TOKEN, FIRST_TOKEN + 2, FIRST_TOKEN + 256, Long.MAX_VALUE, Long.MIN_VALUE})
    void aTokenThatWasNeverGivenSaysNothing(long token) {
        grant(2);
        assertThat(lease.token(at(2))).isEqualTo(FIRST_TOKEN + 1);
        lease.confirmByOperator(4, token, at(2));
        lease.hear("a", 4, token, at(2));
        assertEndsAt(6);
    }

    @Test
    void aTokenOfAnEarlierProcessSaysNothing() {
        Lease earlier = new Lease(77);
        long token = earlier.token(at(1));
        grant(3);
        lease.confirmByOperator(4, token, at(1));
        assertEndsAt(6);
    }

    @Test
    void aTokenFromBeforeTheGrantDoesNotShortenIt() {
        long token = lease.token(at(-2));
        grant(2);
        lease.confirmByOperator(4, token, at(1));
        lease.hear("a", 4, token, at(1));
        assertEndsAt(6);
    }

    @Test
    void anOldTokenIsForgottenAndTheFloodOfQuestionsDoesNotForgetAYoungOne() {
        grant(3);
        long young = lease.token(at(1));
        for (int i = 0; i < 100_000; i++) {
            lease.token(at(1 + i / 50_000.0));
        }
        lease.confirmByOperator(4, young, at(3));
        assertThat(remainingMillis(3)).isEqualTo(4000);
        for (int i = 0; i < 600; i++) {
            double second = 3 + i;
            lease.confirmByOperator(4, lease.token(at(second)), at(second));
        }
        lease.confirmByOperator(4, young, at(602));
        assertThat(remainingMillis(602)).isEqualTo(6000);
    }

    @ParameterizedTest
    @CsvSource({"2, 1", "3, 1", "4, 2", "5, 2", "7, 3"})
    void aMajorityOfTheShardWithThisOneLengthensIt(int members, int needed) {
        grant(members);
        long token = lease.token(at(2));
        for (int peer = 1; peer < needed; peer++) {
            lease.hear("peer-" + peer, 4, token, at(2.1));
            lease.hear("peer-" + peer, 3, token, at(2.2));
        }
        assertThat(remainingMillis(3)).isEqualTo(3000);
        lease.hear("peer-" + needed, 2, token, at(3));
        assertEndsAt(8);
    }

    @Test
    void theMajorityIsAsOldAsItsOldestPart() {
        grant(5);
        lease.hear("a", 4, lease.token(at(1)), at(1));
        lease.hear("b", 4, lease.token(at(2)), at(2));
        lease.hear("c", 4, lease.token(at(3)), at(3));
        assertThat(remainingMillis(4)).isEqualTo(4000);
        lease.hear("b", 4, lease.token(at(4)), at(4));
        assertThat(remainingMillis(4)).isEqualTo(5000);
        lease.hear("c", 4, lease.token(at(5)), at(5));
        assertEndsAt(10);
    }

    @Test
    void whoHandsNoTokenBackConfirmsNothing() {
        grant(3);
        lease.hear("a", 4, null, at(3));
        assertEndsAt(6);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void aPeerThatPromisedMoreEndsItAtOnce(int members) {
        grant(members);
        lease.confirmByOperator(4, lease.token(at(1)), at(1));
        lease.hear("orders-s0-1", 5, null, at(1));
        assertThat(lease.remaining(at(1))).isZero();
        assertThat(lease.end(at(1))).isEqualTo("orders-s0-1 has promised term 5, this is the primary of term 4");
        lease.confirmByOperator(4, lease.token(at(2)), at(2));
        assertThat(lease.remaining(at(2))).isZero();
    }

    @ParameterizedTest
    @CsvSource({"6000, 1", "0, 3", "0, 1", "6000, 0"})
    void withoutMillisOrOthersItNeverEnds(long millis, int members) {
        lease.grant(4, new PostgresConfiguration.Lease(millis, members), at(0));
        assertThat(lease.remaining(at(1e6))).isEqualTo(NEVER);
        assertThat(lease.state(at(1e6))).isNull();
    }

    @Test
    void withoutAPrimaryThereIsNone() {
        assertThat(lease.remaining(at(0))).isEqualTo(NEVER);
        lease.hear("a", 9, null, at(0));
        assertThat(lease.end(at(0))).isNull();
        grant(3);
        lease.release();
        assertThat(lease.remaining(at(7))).isEqualTo(NEVER);
        assertThat(lease.state(at(7))).isNull();
    }

    @Test
    void otherRulesHoldAtOnce() {
        grant(3);
        lease.change(4, new PostgresConfiguration.Lease(2000, 3), at(1));
        assertThat(remainingMillis(1)).isEqualTo(1000);
        lease.change(4, new PostgresConfiguration.Lease(10_000, 3), at(1.5));
        assertThat(remainingMillis(2)).isEqualTo(8000);
        lease.hear("a", 4, lease.token(at(3)), at(3));
        assertThat(remainingMillis(3)).isEqualTo(10_000);
        lease.change(4, new PostgresConfiguration.Lease(10_000, 5), at(3));
        assertThat(remainingMillis(3)).isEqualTo(7000);
        lease.change(5, new PostgresConfiguration.Lease(1, 3), at(3));
        assertThat(remainingMillis(3)).isEqualTo(7000);
    }

    @Test
    void tellsItsState() {
        grant(3);
        LeaseState state = lease.state(at(1));
        assertThat(state).isEqualTo(new LeaseState(4, 5000, lease.token(at(1))));
        assertThat(lease.state(at(6))).extracting("remainingMillis").isEqualTo(0L);
    }

    @Test
    void keepsNoMoreNamesThanAShardCanHave() {
        grant(129);
        for (int i = 0; i < 1000; i++) {
            lease.hear("peer-" + i, 4, lease.token(at(2)), at(2));
        }
        assertThat(remainingMillis(3)).isEqualTo(5000);
        lease.change(4, new PostgresConfiguration.Lease(6000, 131), at(3));
        assertThat(remainingMillis(3)).isEqualTo(3000);
    }
}
