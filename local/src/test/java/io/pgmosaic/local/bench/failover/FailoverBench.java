package io.pgmosaic.local.bench.failover;

import io.pgmosaic.local.bench.Figures;
import io.pgmosaic.local.bench.Rounds;
import io.pgmosaic.local.bench.gap.Fault;
import io.pgmosaic.local.bench.gap.Gaps;
import io.pgmosaic.local.bench.gap.Ledger;
import io.pgmosaic.local.bench.gap.Server;
import io.pgmosaic.local.bench.gap.WriteGap;
import io.pgmosaic.local.bench.gap.Writer;
import io.pgmosaic.local.demo.StepFailed;
import io.pgmosaic.local.platform.ProcessFamily;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * How long a client cannot write when its primary is killed, is stopped, or hands over; whether acknowledged writes are
 * lost or an old primary acknowledges more; and how long a primary that is cut off answers reads. Appends the figures to
 * the file that is the argument, with ratios to those of Patroni when {@code patroni.jsonl} beside it has them.
 */
public final class FailoverBench {
    private static final int ROUNDS = Rounds.orElse(20);
    private static final int CUTS = Math.min(5, ROUNDS);
    private static final Duration WRITE_LIMIT = Duration.ofSeconds(20);
    private static final Duration GAP_LIMIT = Duration.ofMinutes(2);
    private static final Logger ROOT_LOGGER = Logger.getLogger("");

    private final ShardUnderTest shard;
    private final RoutedPrimary router;
    private final Figures figures;
    private final Ledger ledger = new Ledger();
    private long stale;
    private int rounds;

    private FailoverBench(ShardUnderTest shard, RoutedPrimary router, Figures figures) {
        this.shard = shard;
        this.router = router;
        this.figures = figures;
    }

    /** Measures everything. */
    public static void main(String[] arguments) throws Exception {
        ROOT_LOGGER.setLevel(Level.SEVERE);
        Path file = Path.of(arguments[0]).toAbsolutePath();
        ShardUnderTest shard =
                ShardUnderTest.start("bench-failover-" + ProcessHandle.current().pid());
        try (shard) {
            shard.create();
            var bench = new FailoverBench(shard, shard.startRouter(), Figures.at(file));
            Gaps podKill = bench.blows();
            bench.comparison(podKill, Figures.at(file.resolveSibling("patroni.jsonl")));
            bench.switchovers();
            bench.cutOffs();
            bench.losses();
        } catch (StepFailed | SQLException | TimeoutException | RuntimeException e) {
            throw new IllegalStateException("the bench could not finish; see " + shard.logs(), e);
        }
        shard.deleteFolder();
    }

    /** Every kind of blow; returns the gaps of killed pods. */
    private Gaps blows() throws StepFailed, InterruptedException, TimeoutException {
        Gaps podKill = new Gaps();
        for (Blow blow : Blow.values()) {
            Gaps gaps = blow == Blow.POD_KILL ? podKill : new Gaps();
            for (int round = 0; round < ROUNDS; round++) {
                String primary = shard.awaitReady();
                ProcessFamily pod = shard.instance(primary);
                gaps.add(round(round, primary, blow.figure(), () -> blow.strike(pod), () -> blow.undo(pod))
                        .length());
            }
            String how = "write gap of " + blow.figure() + ", one shard of 3, SemiSync; " + ROUNDS + " rounds: " + gaps;
            figures.add("failover." + blow.figure() + ".p50.s", gaps.percentile(0.5), "s", how);
            figures.add("failover." + blow.figure() + ".p99.s", gaps.percentile(0.99), "s", how);
        }
        return podKill;
    }

    private void comparison(Gaps podKill, Figures patroni) {
        for (String timing : new String[] {"default", "fastest"}) {
            patroni.value("failover.patroni-" + timing + ".p50.s")
                    .ifPresentOrElse(
                            theirs -> figures.add(
                                    "failover.vs-patroni-" + timing + ".ratio",
                                    podKill.percentile(0.5) / theirs,
                                    "ratio",
                                    "median write gap of pod-kill, ours to theirs: " + podKill.percentile(0.5)
                                            + " s to " + theirs + " s"),
                            () -> System.out.println("no figure of Patroni " + timing
                                    + " to compare with: run the benchmark patroni first"));
        }
    }

    private void switchovers() throws StepFailed, InterruptedException, TimeoutException {
        Handover handover = new Handover(shard);
        Gaps gaps = new Gaps();
        int failed = 0;
        for (int round = 0; round < ROUNDS; round++) {
            String primary = shard.awaitReady();
            WriteGap gap = round(round, primary, "switchover", handover.next(), () -> {});
            gaps.add(gap.length());
            failed += gap.tries() > 1 ? 1 : 0;
        }
        figures.add(
                "switchover.failed-retries",
                failed,
                "transactions",
                "switchovers in which a client that asked the router with wait=5000 once after its connection broke, and"
                        + " wrote again, failed once more; " + ROUNDS + " rounds");
        figures.add(
                "switchover.p99.s",
                gaps.percentile(0.99),
                "s",
                "write gap of a switchover by spec.switchover, one shard of 3, SemiSync; " + ROUNDS + " rounds: "
                        + gaps);
    }

    /**
     * One fault, with a second client that writes to the old primary's address alone, before and after, until the shard
     * is ready again.
     */
    private WriteGap round(int round, String primary, String name, Fault fault, Runnable undo)
            throws StepFailed, InterruptedException, TimeoutException {
        Server old = shard.server(primary);
        try (Writer routed = new Writer(router, ledger);
                Writer pinned = new Writer(() -> Optional.of(old), ledger)) {
            routed.keepWriting(Duration.ZERO, WRITE_LIMIT);
            pinned.keepWriting(Duration.ZERO, WRITE_LIMIT);
            routed.keepWriting(Duration.ofSeconds(1).multipliedBy(round).dividedBy(ROUNDS), WRITE_LIMIT);
            WriteGap gap;
            try {
                gap = routed.across(fault, GAP_LIMIT);
            } finally {
                undo.run();
            }
            shard.awaitReady();
            long late = gap.after().equals(primary) ? 0 : pinned.acknowledgedSince(gap.first());
            stale += late;
            rounds++;
            System.out.printf(
                    "%s, round %d: %s, then %s, %.2f s%s%n",
                    name,
                    round + 1,
                    gap.before(),
                    gap.after(),
                    gap.length().toNanos() / 1e9,
                    late == 0 ? "" : ", STALE " + late);
            return gap;
        }
    }

    private void cutOffs() throws StepFailed, InterruptedException, TimeoutException {
        Gaps reads = new Gaps();
        CutOff cutOff = new CutOff(shard);
        for (int round = 0; round < CUTS; round++) {
            Duration answered = cutOff.untilReadsAreRefused();
            System.out.printf("cut-off, round %d: %.2f s%n", round + 1, answered.toNanos() / 1e9);
            reads.add(answered);
        }
        figures.add(
                "lease.cutoff.s",
                reads.percentile(1),
                "s",
                "longest time from stopping the operator and both standbys to the primary's last answered read; " + CUTS
                        + " rounds: " + reads);
    }

    private void losses() throws StepFailed, InterruptedException, SQLException {
        int lost = ledger.missingOn(shard.server(shard.awaitReady())).size();
        String of = " of " + ledger.size() + " acknowledged writes in " + rounds + " rounds";
        figures.add("failover.lost", lost, "writes", lost + of + " are not on the primary afterwards");
        figures.add(
                "failover.stale-acks",
                (double) stale,
                "writes",
                stale + of + " were begun on the old primary after the new one had acknowledged a write");
    }
}
