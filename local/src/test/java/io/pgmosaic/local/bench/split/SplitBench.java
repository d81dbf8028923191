package io.pgmosaic.local.bench.split;

import io.pgmosaic.api.v1alpha1.split.ShardSplitStatus;
import io.pgmosaic.api.v1alpha1.split.SplitPhase;
import io.pgmosaic.client.MosaicClient;
import io.pgmosaic.local.bench.Figures;
import io.pgmosaic.local.bench.Rounds;
import io.pgmosaic.local.bench.split.Writers.Keys;
import io.pgmosaic.local.bench.split.Writers.Write;
import io.pgmosaic.local.demo.StepFailed;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Splits a shard under load, takes the split back, and does so again; the last one is completed. Appends how long writes paused, what the
 * load had left, what was lost, and what clients saw, to the file that is the argument.
 */
public final class SplitBench {
    private static final int ROUNDS = Rounds.orElse(5);
    private static final int WRITERS_OF_A_KIND = 4;
    private static final int ROWS_OF_A_CUSTOMER = 400;
    private static final Duration BEFORE = Duration.ofSeconds(15);
    private static final Duration WARM_UP = Duration.ofSeconds(20);
    private static final Logger ROOT_LOGGER = Logger.getLogger("");

    private final SplitCluster cluster;
    private final Writers writers;
    private final Samples pauses = new Samples();
    private final Samples told = new Samples();
    private final Samples others = new Samples();
    private final Samples undisturbed = new Samples();
    private final Samples loads = new Samples();
    private final Samples rates = new Samples();

    private SplitBench(SplitCluster cluster, Writers writers) {
        this.cluster = cluster;
        this.writers = writers;
    }

    /** Measures everything. */
    public static void main(String[] arguments) throws Exception {
        ROOT_LOGGER.setLevel(Level.SEVERE);
        Figures figures = Figures.at(Path.of(arguments[0]));
        SplitCluster cluster =
                SplitCluster.start("bench-split-" + ProcessHandle.current().pid());
        try (cluster) {
            cluster.create();
            measure(cluster, figures);
        } catch (StepFailed | SQLException | RuntimeException e) {
            throw new IllegalStateException("the bench could not finish; see " + cluster.logs(), e);
        }
        cluster.deleteFolder();
    }

    private static void measure(SplitCluster cluster, Figures figures)
            throws StepFailed, SQLException, InterruptedException {
        Customers customers;
        try (Connection server = cluster.superuser(SplitCluster.SOURCE)) {
            customers = Customers.ask(server);
        }
        try (MosaicClient client = cluster.client()) {
            customers.fill(client, ROWS_OF_A_CUSTOMER);
            Writers writers = Writers.begin(client, customers, WRITERS_OF_A_KIND);
            SplitBench bench = new SplitBench(cluster, writers);
            try (writers) {
                TimeUnit.NANOSECONDS.sleep(WARM_UP.toNanos());
                for (int round = 1; round <= ROUNDS; round++) {
                    bench.round(round);
                }
            }
            bench.tell(figures);
        }
    }

    private void round(int round) throws StepFailed, InterruptedException {
        String split = "split-" + round;
        boolean isLast = round == ROUNDS;
        long before = System.nanoTime();
        TimeUnit.NANOSECONDS.sleep(BEFORE.toNanos());
        long began = System.nanoTime();
        cluster.split(split, "s" + (round + 1));
        cluster.awaitPhase(split, SplitPhase.AWAITING_APPROVAL);
        long approved = System.nanoTime();
        cluster.change(split, "{\"cutOver\": {\"approved\": true}}");
        ShardSplitStatus switched = cluster.awaitPhase(split, SplitPhase.SOAKING);
        long soaking = System.nanoTime();
        handedOver(switched, approved, soaking);
        others.add(longest(Keys.STAYING, approved, soaking));
        undisturbed.add(longest(Keys.STAYING, began - (soaking - approved), began));
        if (isLast) {
            cluster.change(split, "{\"soakTime\": \"0s\"}");
            cluster.awaitPhase(split, SplitPhase.COMPLETED);
        } else {
            long taken = System.nanoTime();
            cluster.change(split, "{\"rollback\": true}");
            handedOver(cluster.awaitPhase(split, SplitPhase.ROLLED_BACK), taken, System.nanoTime());
        }
        long ended = System.nanoTime();
        loads.add(writers.rate(began, ended) / writers.rate(before, began));
        rates.add(writers.rate(before, began));
        System.out.printf(
                Locale.ROOT,
                "  round %d: %.0f s, pauses %s ms, told %s ms, load %.2f of %.0f writes/s%n",
                round,
                (ended - began) / 1e9,
                pauses.list("%.0f"),
                told.list("%.0f"),
                loads.last(),
                rates.last());
        cluster.awaitReady();
    }

    private void handedOver(ShardSplitStatus status, long from, long to) {
        pauses.add(longest(Keys.MOVING, from, to));
        told.add((double) Objects.requireNonNull(status.writePauseMillis(), "nobody told the pause"));
    }

    /** The longest time that a write of these keys took that was under way then, in milliseconds. */
    private double longest(Keys keys, long from, long to) {
        return writers.between(keys, from, to).stream()
                .mapToDouble(Write::millis)
                .max()
                .orElseThrow();
    }

    private void tell(Figures figures) throws StepFailed, SQLException {
        String load = String.format(
                Locale.ROOT,
                "2 shards of 2 instances, %d rows, %d writers that think 5 ms, %.0f writes/s before; load average %.1f",
                1_000 * ROWS_OF_A_CUSTOMER,
                2 * WRITERS_OF_A_KIND,
                rates.median(),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
        figures.add(
                "split.logical.pause.p99.ms",
                pauses.percentile(0.99),
                "ms",
                "longest write of moving keys by the Java client at each of " + pauses.size()
                        + " hand-overs, there and back: " + pauses.list("%.0f") + ", median " + round(pauses.median())
                        + "; as status.writePauseMillis tells them: " + told.list("%.0f") + "; " + load);
        figures.add(
                "split.others-pause.ms",
                others.greatest(),
                "ms",
                "longest write of other keys from the approval until the soak time, of " + ROUNDS + " splits: "
                        + others.list("%.0f") + "; in as long a time before each split: " + undisturbed.list("%.0f"));
        figures.add(
                "split.load.ratio",
                loads.median(),
                "ratio",
                "writes/s from the declaration until it was rolled back, or completed, over those of "
                        + BEFORE.toSeconds() + " s before it; " + ROUNDS + " splits: " + loads.list("%.2f") + "; "
                        + load);
        figures.add(
                "split.lost",
                lost(),
                "rows",
                "rows that are not there once, and as often written as was acknowledged, of "
                        + writers.ledger().size() + " after " + ROUNDS + " splits");
        List<Exception> errors = writers.errors();
        figures.add(
                "split.client-errors",
                errors.size(),
                "errors",
                "what callers of the Java client saw: "
                        + errors.stream().limit(3).map(String::valueOf).toList());
    }

    private static long round(double value) {
        return Math.round(value);
    }

    private double lost() throws StepFailed, SQLException {
        List<Connection> sessions = new ArrayList<>();
        try {
            for (String shard : cluster.shards()) {
                sessions.add(cluster.superuser(shard));
            }
            return writers.ledger().lost(sessions);
        } finally {
            for (Connection session : sessions) {
                session.close();
            }
        }
    }
}
