package io.pgmosaic.router.consistency;

import io.pgmosaic.protocol.Lsn;
import io.pgmosaic.protocol.instance.LogPosition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.concurrent.TimeUnit;

import static io.pgmosaic.router.consistency.Consistency.CAUSAL;
import static io.pgmosaic.router.consistency.Consistency.MONOTONIC;
import static io.pgmosaic.router.consistency.Consistency.READ_YOUR_WRITES;
import static org.assertj.core.api.Assertions.assertThat;

class SessionsTest {
    private static final long WINDOW_MILLIS = 30_000;
    private static final long WINDOW = TimeUnit.MILLISECONDS.toNanos(WINDOW_MILLIS);
    private static final ReadDemand FORGOTTEN = new ReadDemand(ReadDemand.ANY_LAG, null, null, Reason.FORGOTTEN);
    private static final ReadDemand BOUNDED = ReadDemand.bounded(WINDOW_MILLIS);
    private static final ReadDemand UNREPORTED =
            new ReadDemand(ReadDemand.ANY_LAG, null, null, Reason.WRITE_NOT_REPORTED);

    private final Sessions sessions = new Sessions(1_600, 0);
    private long now;

    @BeforeEach
    void longAfterTheStart() {
        now = 10 * WINDOW;
        sessions.use("uid-1", now);
    }

    @Test
    void whatASessionWroteIsDemandedFromWhenItIsReported() {
        assertThat(demand(READ_YOUR_WRITES, "a")).isEqualTo(BOUNDED);
        sessions.writes("a", "s0", WINDOW, now);
        assertThat(demand(READ_YOUR_WRITES, "a")).isEqualTo(UNREPORTED);
        assertThat(demand(MONOTONIC, "a")).as("it has read nothing").isEqualTo(BOUNDED);
        assertThat(demand(READ_YOUR_WRITES, "b")).isEqualTo(BOUNDED);
        sessions.wrote("a", "s0", at(1, 100), WINDOW, now);
        assertThat(demand(READ_YOUR_WRITES, "a")).isEqualTo(ReadDemand.holding(at(1, 100)));
        sessions.wrote("a", "s0", at(1, 90), WINDOW, now);
        assertThat(demand(READ_YOUR_WRITES, "a"))
                .as("a report that came late")
                .isEqualTo(ReadDemand.holding(at(1, 100)));
        sessions.wrote("a", "s0", at(2, 50), WINDOW, now);
        assertThat(demand(READ_YOUR_WRITES, "a")).isEqualTo(ReadDemand.holding(at(2, 100)));
    }

    /** Two requests of one session at a time: the report of one says nothing of the other. */
    @Test
    void everyWriteHasToBeReported() {
        sessions.writes("a", "s0", WINDOW, now);
        sessions.writes("a", "s0", WINDOW, now);
        sessions.wrote("a", "s0", at(1, 100), WINDOW, now);
        assertThat(demand(READ_YOUR_WRITES, "a")).isEqualTo(UNREPORTED);
        sessions.wrote("a", "s0", at(1, 120), WINDOW, now);
        assertThat(demand(READ_YOUR_WRITES, "a")).isEqualTo(ReadDemand.holding(at(1, 120)));
    }

    @Test
    void aWriteThatIsNeverReportedCountsForAWindowAndAfterThatTheLagIsBounded() {
        sessions.writes("a", "s0", WINDOW, now);
        now += WINDOW - 1;
        assertThat(demand(READ_YOUR_WRITES, "a")).isEqualTo(UNREPORTED);
        now += WINDOW + 1;
        assertThat(demand(READ_YOUR_WRITES, "a")).isEqualTo(BOUNDED);
        sessions.writes("a", "s0", WINDOW, now);
        sessions.wrote("a", "s0", at(1, 100), WINDOW, now);
        assertThat(demand(READ_YOUR_WRITES, "a"))
                .as("the one that was never reported may be later than that")
                .isEqualTo(new ReadDemand(WINDOW_MILLIS, at(1, 100), null, null));
    }

    @Test
    void aSessionThatDoesNotReportItsReadsStaysWhereItIsUntilTheTermIsOver() {
        sessions.reads("a", "s0", "r1", 3, WINDOW, now);
        assertThat(sessions.demand(MONOTONIC, "a", "s0", 3, WINDOW, now))
                .isEqualTo(new ReadDemand(ReadDemand.ANY_LAG, null, "r1", null));
        assertThat(sessions.demand(MONOTONIC, "a", "s0", 4, WINDOW, now).primary())
                .isEqualTo(Reason.READ_NOT_REPORTED);
        assertThat(sessions.demand(MONOTONIC, "a", "s1", 3, WINDOW, now)).isEqualTo(BOUNDED);
        sessions.read("a", "s0", at(3, 10), WINDOW, now);
        assertThat(sessions.demand(MONOTONIC, "a", "s0", 4, WINDOW, now)).isEqualTo(ReadDemand.holding(at(3, 10)));
        sessions.reads("a", "s0", null, 4, WINDOW, now);
        assertThat(sessions.demand(MONOTONIC, "a", "s0", 4, WINDOW, now).primary())
                .isEqualTo(Reason.READ_NOT_REPORTED);
    }

    @Test
    void causalIsBoth() {
        sessions.wrote("a", "s0", at(1, 100), WINDOW, now);
        sessions.read("a", "s0", at(1, 200), WINDOW, now);
        assertThat(demand(CAUSAL, "a")).isEqualTo(ReadDemand.holding(at(1, 200)));
        sessions.writes("a", "s0", WINDOW, now);
        assertThat(demand(CAUSAL, "a").primary()).isEqualTo(Reason.WRITE_NOT_REPORTED);
        assertThat(demand(MONOTONIC, "a")).isEqualTo(ReadDemand.holding(at(1, 200)));
    }

    @Test
    void aRouterThatHasJustBeenStartedKnowsNobody() {
        Sessions fresh = new Sessions(100, now);
        fresh.use("uid-1", now);
        assertThat(fresh.demand(READ_YOUR_WRITES, "a", "s0", 1, WINDOW, now + WINDOW - 1))
                .isEqualTo(FORGOTTEN);
        assertThat(fresh.demand(READ_YOUR_WRITES, "a", "s0", 1, WINDOW, now + WINDOW))
                .isEqualTo(BOUNDED);
        fresh.wrote("a", "s0", at(1, 5), WINDOW, now + 1);
        assertThat(fresh.demand(READ_YOUR_WRITES, "a", "s0", 1, WINDOW, now + 2))
                .as("what it reports is later than whatever it did before")
                .isEqualTo(ReadDemand.holding(at(1, 5)));
    }

    @Test
    void aClusterThatWasMadeAnewIsAnotherOne() {
        sessions.wrote("a", "s0", at(7, 100), WINDOW, now);
        sessions.use("uid-2", now);
        assertThat(demand(READ_YOUR_WRITES, "a")).isEqualTo(FORGOTTEN);
        assertThat(sessions.size()).isZero();
    }

    @Test
    void whatHadToGoSoonerIsDemandedFromEverybodyUnknownForAWindow() {
        Sessions few = new Sessions(16, 0);
        few.use("uid-1", now);
        for (int i = 0; i < 100; i++) {
            few.wrote("session-" + i, "s0", at(1, 1_000 + i), WINDOW, now);
        }
        assertThat(few.size()).isLessThanOrEqualTo(16);
        ReadDemand demand = few.demand(READ_YOUR_WRITES, "unknown", "s0", 1, WINDOW, now);
        assertThat(demand.maxLagMillis()).isEqualTo(WINDOW_MILLIS);
        assertThat(demand.position()).isNotNull();
        for (int i = 0; i < 100; i++) {
            ReadDemand own = few.demand(READ_YOUR_WRITES, "session-" + i, "s0", 1, WINDOW, now);
            assertThat(own.position()).isGreaterThanOrEqualTo(at(1, 1_000 + i));
        }
        assertThat(few.demand(READ_YOUR_WRITES, "unknown", "s1", 1, WINDOW, now))
                .isEqualTo(BOUNDED);
        assertThat(few.demand(READ_YOUR_WRITES, "unknown", "s0", 1, WINDOW, now + WINDOW))
                .isEqualTo(BOUNDED);
    }

    @Test
    void aWriteThatHadToGoBeforeItWasReportedSendsEverybodyUnknownToThePrimary() {
        Sessions few = new Sessions(16, 0);
        few.use("uid-1", now);
        few.writes("early", "s0", WINDOW, now);
        for (int i = 0; i < 200; i++) {
            few.wrote("session-" + i, "s1", at(1, i), WINDOW, now);
        }
        assertThat(few.demand(READ_YOUR_WRITES, "early", "s0", 1, WINDOW, now).primary())
                .isEqualTo(Reason.FORGOTTEN);
        assertThat(few.demand(READ_YOUR_WRITES, "early", "s0", 1, WINDOW, now + WINDOW))
                .isEqualTo(BOUNDED);
    }

    private ReadDemand demand(Consistency consistency, String session) {
        return sessions.demand(consistency, session, "s0", 1, WINDOW, now);
    }

    private static LogPosition at(long term, long offset) {
        return new LogPosition(term, new Lsn(offset));
    }
}
