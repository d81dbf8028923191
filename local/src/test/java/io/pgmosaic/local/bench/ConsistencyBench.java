package io.pgmosaic.local.bench;

import io.pgmosaic.checker.consistency.Guarantee;
import io.pgmosaic.local.chaos.ConsistencySoak;

import java.nio.file.Path;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Reads with guarantees through failovers, stopped servers and replicas that are held up, until each guarantee was checked
 * 100,000 times. Appends how often each was checked and broken to the file that is the argument.
 */
public final class ConsistencyBench {
    private static final long READS = Long.getLong("pgmosaic.bench.reads", 100_000);
    private static final long SEED = 1;
    private static final Logger ROOT_LOGGER = Logger.getLogger("");

    private ConsistencyBench() {}

    /** Runs it. */
    public static void main(String[] arguments) throws Exception {
        ROOT_LOGGER.setLevel(Level.SEVERE);
        Figures figures = Figures.at(Path.of(arguments[0]));
        ConsistencySoak.Outcome outcome = ConsistencySoak.run(
                SEED,
                READS,
                line -> System.out.println(
                        LocalTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS) + " " + line));
        for (Guarantee guarantee : Guarantee.values()) {
            String how = outcome.faults() + " faults from seed " + SEED + ", standbys held up by up to 5 s; "
                    + outcome.log().byReplicas(guarantee) + " of the reads by replicas";
            String name = "consistency." + guarantee.figure();
            figures.add(name + ".checked", (double) outcome.log().checked(guarantee), "reads", how);
            figures.add(
                    name + ".violations", outcome.log().violations(guarantee).size(), "reads", how);
        }
        System.out.println(
                "What went wrong and was no violation: " + outcome.log().problems());
        System.exit(outcome.isClean() ? 0 : 1);
    }
}
