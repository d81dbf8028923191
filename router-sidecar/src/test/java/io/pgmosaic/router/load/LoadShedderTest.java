package io.pgmosaic.router.load;

import io.pgmosaic.protocol.topology.LoadShedding;
import io.pgmosaic.router.lookup.Intent;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/** When refusals end though nothing gets better that anybody could report. */
class LoadShedderTest {
    private static final LoadShedding POLICY = new LoadShedding(50, 200);
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final LoadShedder shedder = new LoadShedder((shard, gates) -> {});

    private void report(StatementResult result, @Nullable LoadShedding policy, long now) {
        StatementOutcome outcome = new StatementOutcome(
                "s0", null, Intent.READ, result, TimeUnit.MILLISECONDS.toNanos(500), 100, Priority.DEFAULT);
        shedder.report(outcome, policy, true, now);
    }

    /** Returns when the last report was. */
    private long overloaded() {
        long now = 0;
        for (int i = 0; i < 4; i++) {
            now += SECOND;
            report(StatementResult.OK, POLICY, now);
        }
        assertThat(shedder.share("s0", now)).isPositive();
        assertThat(shedder.refusals(now)).containsOnlyKeys("s0");
        return now;
    }

    @Test
    void silenceEndsThemThoughNobodyAsksForTheShard() {
        long heard = overloaded();
        assertThat(shedder.refusals(heard + 4 * SECOND)).containsOnlyKeys("s0");
        assertThat(shedder.refusals(heard + 5 * SECOND)).isEmpty();
    }

    @Test
    void silenceEndsTheShareThatIsShown() {
        long heard = overloaded();
        assertThat(shedder.share("s0", heard + 5 * SECOND)).isZero();
    }

    @Test
    void aPolicyThatIsTakenAwayEndsThem() {
        long heard = overloaded();
        report(StatementResult.OK, null, heard + 1);
        assertThat(shedder.share("s0", heard + 1)).isZero();
        assertThat(shedder.refusals(heard + 1)).isEmpty();
    }

    @Test
    void whatClientsDidNotSendIsNoWordOfTheShard() {
        long heard = overloaded();
        for (int i = 1; i <= 5; i++) {
            report(StatementResult.REFUSED, POLICY, heard + i * SECOND);
        }
        assertThat(shedder.share("s0", heard + 5 * SECOND)).isZero();
        assertThat(shedder.refused("s0")).isEqualTo(500);
    }
}
