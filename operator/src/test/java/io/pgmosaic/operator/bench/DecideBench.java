package io.pgmosaic.operator.bench;

import io.pgmosaic.operator.plan.RestartTurns;
import io.pgmosaic.operator.plan.ShardFacts;
import io.pgmosaic.operator.plan.ShardIdentity;
import io.pgmosaic.operator.plan.ShardPlan;
import io.pgmosaic.operator.plan.ShardPlanner;
import io.pgmosaic.operator.simulation.SettledShard;
import io.pgmosaic.operator.simulation.SoakRun;
import io.pgmosaic.testing.Figure;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutionException;

/**
 * Appends {@code decide.64x3.ms}, what the decisions of one pass over a cluster cost, and {@code sim.schedules}, how many
 * schedules of the simulation held.
 */
public final class DecideBench {
    private static final int SHARDS = 64;
    private static final int WARM_UP = 3_000;
    private static final int PASSES = 2_000;
    private static final long SCHEDULES = 100_000;

    private DecideBench() {}

    public static void main(String[] args) throws IOException, InterruptedException, ExecutionException {
        Path file = Path.of(args[0]);
        decide(file);
        SoakRun run = SoakRun.of(1, SCHEDULES);
        new Figure(
                        "sim.schedules",
                        run.schedules(),
                        "schedules",
                        String.format(
                                Locale.ROOT,
                                "seeds from 1, all of which held, in %.1f s (%.0f a second), %d failovers, %d acknowledged"
                                        + " writes",
                                run.seconds(),
                                run.schedules() / run.seconds(),
                                run.failovers(),
                                run.acknowledged()))
                .appendTo(file);
    }

    private static void decide(Path file) throws IOException {
        List<ShardFacts> cluster = cluster();
        double[] millis = new double[PASSES];
        long findings = 0;
        for (int i = -WARM_UP; i < PASSES; i++) {
            long begun = System.nanoTime();
            findings += pass(cluster);
            if (i >= 0) {
                millis[i] = (System.nanoTime() - begun) / 1e6;
            }
        }
        Arrays.sort(millis);
        new Figure(
                        "decide.64x3.ms",
                        millis[PASSES / 2],
                        "ms",
                        String.format(
                                Locale.ROOT,
                                "median of %d passes after %d, p99 %.3f ms; %d shards of 3 instances, all healthy, each planned"
                                        + " twice as a pass does; %d findings",
                                PASSES,
                                WARM_UP,
                                millis[PASSES * 99 / 100],
                                SHARDS,
                                findings))
                .appendTo(file);
    }

    private static List<ShardFacts> cluster() {
        ShardFacts one = SettledShard.facts();
        List<ShardFacts> cluster = new ArrayList<>();
        for (int i = 0; i < SHARDS; i++) {
            ShardIdentity identity = one.identity();
            cluster.add(new ShardFacts(
                    new ShardIdentity(identity.namespace(), identity.cluster(), identity.clusterUid(), "s" + i),
                    one.spec(),
                    one.record(),
                    one.instances(),
                    one.databaseReady(),
                    one.oldPrimaryStopped(),
                    one.mayRestart(),
                    one.now()));
        }
        return cluster;
    }

    /** Once to see whether the database can be reached, and once more when it was found ready. */
    private static int pass(List<ShardFacts> cluster) {
        Set<String> turns = RestartTurns.of(cluster, 1);
        int findings = 0;
        for (ShardFacts shard : cluster) {
            ShardFacts facts = shard.withTurn(turns.contains(shard.identity().shard()));
            ShardPlan plan = ShardPlanner.plan(facts);
            if (plan.databaseReachable()) {
                plan = ShardPlanner.plan(facts.withDatabaseReady());
            }
            findings += plan.findings().size();
        }
        return findings;
    }
}
