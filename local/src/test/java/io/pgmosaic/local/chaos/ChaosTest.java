package io.pgmosaic.local.chaos;

import io.pgmosaic.local.chaos.ChaosRun.Plan;
import io.pgmosaic.local.chaos.ChaosRun.Result;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.EnumSet;

import static org.assertj.core.api.Assertions.assertThat;

/** Faults of every kind on real PostgreSQL. {@code -Dpgmosaic.chaos.seed=...} runs those of another seed. */
final class ChaosTest {
    private static final int FAULTS = 20;
    private static final long SEED = 1;

    @Test
    void promisesHoldWhateverBreaks() throws Exception {
        Plan plan = new Plan(
                Long.getLong("pgmosaic.chaos.seed", SEED),
                Integer.getInteger("pgmosaic.chaos.faults", FAULTS),
                EnumSet.allOf(Fault.Kind.class),
                1,
                6,
                Duration.ofMillis(100),
                Duration.ofSeconds(6),
                Duration.ofMinutes(2));
        System.out.println("chaos with seed " + plan.seed());
        ChaosRun run =
                ChaosRun.start(plan, "chaos-test-" + ProcessHandle.current().pid(), System.out::println);
        boolean well = false;
        try {
            Result result = run.run();
            System.out.println(ChaosReport.of(result));
            assertThat(result.violations())
                    .as(() -> "seed " + plan.seed() + ", evidence in " + Evidence.save(run, "violations"))
                    .isEmpty();
            well = true;
        } catch (Waiting.TooLong e) {
            throw new AssertionError(
                    "seed " + plan.seed() + ": " + e.getMessage() + "; evidence in "
                            + Evidence.save(run, String.valueOf(e.getMessage())),
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
