package io.pgmosaic.router.load;

import io.pgmosaic.protocol.topology.LoadShedding;
import io.pgmosaic.router.lookup.Intent;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import static io.pgmosaic.router.load.PriorityLoads.coming;
import static io.pgmosaic.router.load.PriorityLoads.evenly;
import static io.pgmosaic.router.load.PriorityLoads.mean;
import static io.pgmosaic.router.load.PriorityLoads.only;
import static io.pgmosaic.router.load.PriorityLoads.shares;
import static org.assertj.core.api.Assertions.assertThat;

/** A shard that serves so much and no more, clients that report a second late, and more load than it can take. */
class LoadSheddingSimulationTest {
    private static final LoadShedding POLICY = new LoadShedding(50, 200);
    private static final double STEP_SECONDS = 0.05;
    private static final long STEP = (long) (STEP_SECONDS * TimeUnit.SECONDS.toNanos(1));
    private static final double CAPACITY = 2_000;
    private static final double ALONE_SECONDS = 0.004;
    private static final double PATIENCE_SECONDS = 2;
    private static final int REPORTED_AFTER_STEPS = 20;

    private record Second(double share, double latency, double served, List<Double> admitted) {
        Second {
            admitted = List.copyOf(admitted);
        }
    }

    private final Deque<StatementOutcome> unreported = new ArrayDeque<>();
    private final List<Second> seconds = new ArrayList<>();
    private final ShardGate gate = new ShardGate(0);
    private long now;
    private double queue;

    /** @param load lookups in a second of each priority, as a share of what the shard can serve in all */
    private void run(Random random, int duration, double[] load) {
        for (int second = 0; second < duration; second++) {
            double[] admitted = new double[Priority.HIGHEST];
            double[] came = new double[Priority.HIGHEST];
            double worst = 0;
            double served = 0;
            for (int step = 0; step < 1 / STEP_SECONDS; step++) {
                now += STEP;
                double arrived = 0;
                for (int priority = 1; priority <= Priority.HIGHEST; priority++) {
                    double mean = load[priority - 1] * CAPACITY * STEP_SECONDS;
                    int lookups = coming(random, mean);
                    for (int i = 0; i < lookups; i++) {
                        came[priority - 1]++;
                        if (gate.admits(priority, POLICY, now, random)) {
                            admitted[priority - 1]++;
                            arrived++;
                        }
                    }
                }
                double done = Math.min(queue + arrived, CAPACITY * STEP_SECONDS);
                // Clients give up, and what they wanted is not done any more.
                queue = Math.min(queue + arrived - done, PATIENCE_SECONDS * CAPACITY);
                double latency = ALONE_SECONDS + queue / CAPACITY;
                worst = Math.max(worst, latency);
                served += done;
                report(latency, (int) Math.round(done));
            }
            seconds.add(new Second(gate.share(now), worst, served, shares(admitted, came)));
        }
    }

    private void report(double latency, int statements) {
        unreported.add(new StatementOutcome(
                "s0",
                null,
                Intent.READ,
                latency >= PATIENCE_SECONDS ? StatementResult.TIMEOUT : StatementResult.OK,
                (long) (latency * 1e9),
                statements,
                Priority.DEFAULT));
        if (unreported.size() > REPORTED_AFTER_STEPS) {
            StatementOutcome late = unreported.remove();
            if (late.count() > 0) {
                gate.report(late, POLICY, false, now);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1.5", "2, 2.0", "3, 4.0", "4, 1.2"})
    void servesWhatMattersMostAndRecovers(long seed, double load) {
        Random random = new Random(seed);
        run(random, 20, evenly(0.8));
        assertThat(seconds).as("seed %s", seed).allMatch(second -> second.share() == 0);
        run(random, 120, evenly(load));
        List<Second> settled = seconds.subList(80, 140);
        double needed = 1 - 1 / load;
        assertThat(mean(settled, Second::share)).as("seed %s", seed).isCloseTo(needed, Offset.offset(0.1));
        assertThat(deviation(settled))
                .as("seed %s: how much the share swings", seed)
                .isLessThan(0.12);
        assertThat(mean(settled, Second::latency)).as("seed %s", seed).isLessThan(0.2);
        assertThat(mean(settled, Second::served)).as("seed %s", seed).isGreaterThan(0.85 * CAPACITY);
        int spared = 11 - (int) Math.floor(10 / load * 0.7);
        for (int priority = spared; priority <= 10; priority++) {
            int place = priority - 1;
            assertThat(mean(settled, second -> second.admitted().get(place)))
                    .as("seed %s, priority %s", seed, priority)
                    .isGreaterThan(0.95);
        }
        assertThat(mean(settled, second -> second.admitted().get(0)))
                .as("seed %s", seed)
                .isLessThan(0.5);
        run(random, 60, evenly(0.6));
        assertThat(seconds.subList(165, 200))
                .as("seed %s: nothing is refused any more", seed)
                .allMatch(second -> second.share() == 0);
    }

    @Test
    void refusesAnEvenShareWhereAllMatterAlike() {
        Random random = new Random(7);
        run(random, 100, only(Priority.DEFAULT, 2));
        List<Second> settled = seconds.subList(60, 100);
        assertThat(mean(settled, second -> second.admitted().get(Priority.DEFAULT - 1)))
                .isCloseTo(0.5, Offset.offset(0.1));
        assertThat(deviation(settled)).isLessThan(0.12);
    }

    @Test
    void sparesTheHighestPriorityBelowTheMaximum() {
        Random random = new Random(8);
        run(random, 100, only(Priority.HIGHEST, 1.5));
        assertThat(seconds).anyMatch(second -> second.admitted().get(Priority.HIGHEST - 1) < 0.9);
        double[] load = evenly(1.5);
        run(random, 100, load);
        assertThat(seconds.subList(140, 200))
                .allMatch(second -> second.admitted().get(Priority.HIGHEST - 1) == 1);
    }

    private static double deviation(List<Second> seconds) {
        double mean = mean(seconds, Second::share);
        return Math.sqrt(mean(seconds, second -> Math.pow(second.share() - mean, 2)));
    }
}
