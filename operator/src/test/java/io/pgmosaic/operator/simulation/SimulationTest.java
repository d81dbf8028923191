package io.pgmosaic.operator.simulation;

import io.pgmosaic.operator.simulation.Runs.Failed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@code -Dsimulation.seed=N} replays one schedule and tells it in words, {@code -Dsimulation.mutant=NAME} with that rule
 * broken; {@code -Dsimulation.schedules=N} runs so many, {@code -Dsimulation.from=N} from that seed.
 */
class SimulationTest {
    private static final long SCHEDULES = Long.getLong("simulation.schedules", 100_000);
    /** A mutant must be found within so many. */
    private static final long MUTANT_SCHEDULES = 60_000;

    private static final long FROM = Long.getLong("simulation.from", 1);

    @Test
    void nothingThatNeverMayHappens() throws Exception {
        Long one = Long.getLong("simulation.seed");
        if (one != null) {
            String told = Runs.replay(one, Mutant.valueOf(System.getProperty("simulation.mutant", "NONE")));
            System.out.println(told);
            assertThat(told).endsWith("all held");
            return;
        }
        Totals totals = new Totals();
        long begun = System.nanoTime();
        Failed failed = Runs.firstFailure(Mutant.NONE, FROM, SCHEDULES, totals);
        double seconds = (System.nanoTime() - begun) / 1e9;
        System.out.printf(
                "simulation: %d schedules from seed %d in %.1f s (%.0f a second), %d failovers, %d acknowledged writes%n",
                totals.schedules.get(),
                FROM,
                seconds,
                totals.schedules.get() / seconds,
                totals.failovers.get(),
                totals.acknowledged.get());
        assertThat(failed)
                .withFailMessage(() -> failed == null ? "" : Runs.replay(failed.seed(), Mutant.NONE))
                .isNull();
        assertThat(totals.failovers.get()).isGreaterThan(totals.schedules.get() / 4);
        assertThat(totals.acknowledged.get()).isGreaterThan(totals.schedules.get());
    }

    @ParameterizedTest
    @EnumSource(value = Mutant.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void everyBrokenRuleIsFound(Mutant mutant) throws Exception {
        Totals totals = new Totals();
        Failed failed = Runs.firstFailure(mutant, FROM, MUTANT_SCHEDULES, totals);
        if (failed == null) {
            throw new AssertionError(mutant + " is not found in " + MUTANT_SCHEDULES + " schedules");
        }
        System.out.printf(
                "simulation: %s found in %d schedules: %s%n", mutant, totals.schedules.get(), failed.message());
    }

    /** A seed says the same again. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void replaysExactly(long seed) {
        assertThat(Runs.replay(seed, Mutant.NONE)).isEqualTo(Runs.replay(seed, Mutant.NONE));
    }
}
