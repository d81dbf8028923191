package io.pgmosaic.local.bench;

import io.pgmosaic.local.cluster.Distribution;
import io.pgmosaic.local.demo.Quickstart;
import io.pgmosaic.local.demo.Step;
import io.pgmosaic.local.demo.StepFailed;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * From the creation of a ShardedCluster to the condition Ready, 2 shards of 3 instances, each round on a new local
 * cluster whose operator is up. Appends {@code ready.local.2x3.s}, the median, to the file that is the argument.
 */
public final class ReadyBench {
    private static final int ROUNDS = 5;
    private static final Logger ROOT_LOGGER = Logger.getLogger("");

    private ReadyBench() {}

    /** Runs the rounds. */
    public static void main(String[] arguments) throws StepFailed, InterruptedException {
        ROOT_LOGGER.setLevel(Level.SEVERE);
        List<Double> seconds = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            Quickstart quickstart = new Quickstart(
                    Distribution.locate(), "bench-" + ProcessHandle.current().pid());
            Runtime.getRuntime().addShutdownHook(new Thread(quickstart::close, "end of a round"));
            try {
                for (Step step : quickstart.setUp()) {
                    step.action().run();
                }
                seconds.add(quickstart.timeToReady().toMillis() / 1000.0);
            } finally {
                quickstart.close();
            }
            quickstart.deleteFolder();
        }
        Collections.sort(seconds);
        Figures.at(Path.of(arguments[0]))
                .add(
                        "ready.local.2x3.s",
                        seconds.get(ROUNDS / 2),
                        "s",
                        "median of " + ROUNDS + " rounds, from creating the ShardedCluster to its condition Ready, "
                                + "the operator being up; all: " + seconds);
    }
}
