package io.pgmosaic.local.chaos;

import io.pgmosaic.checker.consistency.Guarantee;
import io.pgmosaic.local.chaos.ChaosRun.Plan;
import io.pgmosaic.local.chaos.ChaosRun.Result;
import org.junit.jupiter.api.Test;

import java.time.Duration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Faults of every kind on real PostgreSQL. {@code -Dpgmosaic.chaos.seed=...} runs those of another seed. */
final class ChaosTest {
    private static final int FAULTS = 20;
    private static final long SEED = 1;
    private static final int READERS = 4;
    private static final Duration CAUGHT_LIMIT = Duration.ofMinutes(1);

    /** The checks of the run before mean something: with replicas behind, they catch whoever reads from just any. */
    private static void seesThroughARouterThatIgnoresGuarantees(Patient patient, long seed) throws Exception {
        try (Readers readers =
                Readers.start(READERS, "careless", seed, patient, patient.routerThatIgnoresGuarantees())) {
            for (Guarantee guarantee : Guarantee.values()) {
                await().atMost(CAUGHT_LIMIT).untilAsserted(() -> assertThat(
                                readers.log().violations(guarantee))
                        .as(() -> guarantee + ", checked " + readers.log().checked(guarantee) + " times; "
                                + readers.log().problems())
                        .isNotEmpty());
            }
        }
    }

    @Test
    void promisesHoldWhateverBreaks() throws Exception {
        Plan plan = new Plan(
                Long.getLong("pgmosaic.chaos.seed", SEED),
                Integer.getInteger("pgmosaic.chaos.faults", FAULTS),
                Fault.Kind.ofSoak(),
                1,
                6,
                Duration.ofMillis(100),
                Duration.ofSeconds(6),
                Duration.ofMinutes(2),
                READERS,
                0);
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
            for (Guarantee guarantee : Guarantee.values()) {
                assertThat(result.consistency().byReplicas(guarantee))
                        .as("reads by replicas that were checked for " + guarantee)
                        .isPositive();
            }
            seesThroughARouterThatIgnoresGuarantees(run.patient(), plan.seed());
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
