package io.pgmosaic.local.chaos;

import io.pgmosaic.api.v1alpha1.split.SplitPhase;
import io.pgmosaic.local.chaos.Fault.Kind;
import io.pgmosaic.local.chaos.SplitChaos.Plan;
import io.pgmosaic.local.chaos.SplitChaos.Result;
import io.pgmosaic.local.chaos.SplitFault.Side;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/** A split under load whose every part is killed once, taken back in the end. {@code scripts/chaos splits} does more of it. */
final class SplitChaosTest {
    private static final List<SplitFault> FAULTS = List.of(
            kill(SplitPhase.COPYING, Side.SOURCE, Kind.OPERATOR_KILL),
            kill(SplitPhase.VERIFYING, Side.SOURCE, Kind.POSTGRES_KILL),
            kill(SplitPhase.AWAITING_APPROVAL, Side.SOURCE, Kind.ROUTER_KILL),
            kill(SplitPhase.SOAKING, Side.TARGET, Kind.POD_KILL));

    private static SplitFault kill(SplitPhase phase, Side side, Kind kind) {
        return new SplitFault(phase, side, kind, Duration.ZERO, Duration.ZERO);
    }

    @Test
    void aSplitThatIsTakenBackAfterFourKillsHasLostNothing() throws Exception {
        Plan plan = new Plan(1, List.of(new SplitTurn(true, SplitPhase.SOAKING, FAULTS)), 4, 10_000, 400_000);
        SplitChaos run = SplitChaos.start(
                plan, "split-chaos-test-" + ProcessHandle.current().pid(), System.out::println);
        boolean well = false;
        try {
            Result result = run.run();
            assertThat(result.violations())
                    .as(() -> "evidence in " + Evidence.save(run.patient(), "violations", result.log()::save))
                    .isEmpty();
            assertThat(result.ends()).containsExactly(SplitPhase.ROLLED_BACK);
            assertThat(result.log().count("library acknowledged")).isPositive();
            assertThat(result.log().count("direct acknowledged")).isPositive();
            assertThat(result.log().count("direct, MO001 refused")).isPositive();
            well = true;
        } catch (Waiting.TooLong e) {
            throw new AssertionError(
                    e.getMessage() + "; evidence in "
                            + Evidence.save(run.patient(), String.valueOf(e.getMessage()), file -> {}),
                    e);
        } finally {
            run.close();
            if (well) {
                run.patient().local().deleteFolder();
            } else {
                run.patient().local().deleteAllButLogs();
            }
        }
    }
}
