package io.pgmosaic.local.bench.patroni;

import io.pgmosaic.local.bench.Figures;
import io.pgmosaic.local.bench.Rounds;
import io.pgmosaic.local.bench.gap.Gaps;
import io.pgmosaic.local.bench.gap.Ledger;
import io.pgmosaic.local.bench.gap.Server;
import io.pgmosaic.local.bench.gap.WriteGap;
import io.pgmosaic.local.bench.gap.Writer;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;

/**
 * How long a client cannot write when the node of Patroni's leader dies, with Patroni's default settings and with its
 * fastest. Appends {@code failover.patroni-default.*} and {@code failover.patroni-fastest.*} to the file that is the
 * argument.
 */
public final class PatroniBench {
    private static final int ROUNDS = Rounds.orElse(5);
    private static final Duration HEALTHY_LIMIT = Duration.ofMinutes(3);
    private static final Duration GAP_LIMIT = Duration.ofMinutes(2);
    private static final Duration WRITE_LIMIT = Duration.ofSeconds(20);

    private final Timing timing;
    private final PatroniCluster cluster;
    private final Ledger ledger = new Ledger();
    private final Gaps gaps = new Gaps();

    private PatroniBench(Timing timing, PatroniCluster cluster) {
        this.timing = timing;
        this.cluster = cluster;
    }

    /** Measures both. */
    public static void main(String[] arguments) throws Exception {
        Figures figures = Figures.at(Path.of(arguments[0]));
        for (Timing timing : List.of(Timing.DEFAULT, Timing.FASTEST)) {
            Machine machine = new Machine("bench-patroni-" + timing.name() + "-"
                    + ProcessHandle.current().pid());
            try (machine;
                    PatroniCluster cluster = PatroniCluster.start(machine, timing)) {
                new PatroniBench(timing, cluster).run(figures, machine.postgresVersion());
            } catch (TimeoutException | SQLException e) {
                throw new IllegalStateException("Patroni did not do what it should; see " + machine.folder(), e);
            }
            machine.deleteFolder();
        }
    }

    private void run(Figures figures, int version) throws InterruptedException, TimeoutException, SQLException {
        createTable(cluster.awaitHealthy(HEALTHY_LIMIT).server());
        for (int round = 0; round < ROUNDS; round++) {
            WriteGap gap = round(round);
            gaps.add(gap.length());
            System.out.printf(
                    "patroni %s, round %d: %s killed, %s follows, %.2f s%n",
                    timing.name(),
                    round + 1,
                    gap.before(),
                    gap.after(),
                    gap.length().toNanos() / 1e9);
        }
        int lost =
                ledger.missingOn(cluster.awaitHealthy(HEALTHY_LIMIT).server()).size();
        String how = "write gap when every process of the leader's node is killed; " + timing
                + ", synchronous_mode on, 3 nodes, PostgreSQL " + version + "; " + ROUNDS
                + " rounds: " + gaps + "; " + lost + " of " + ledger.size() + " acknowledged writes lost";
        figures.add("failover.patroni-" + timing.name() + ".p50.s", gaps.percentile(0.5), "s", how);
        figures.add("failover.patroni-" + timing.name() + ".p99.s", gaps.percentile(0.99), "s", how);
    }

    /** The rounds' faults are spread over the loop in which the leader renews its lock, which the gap depends on. */
    private WriteGap round(int round) throws InterruptedException, TimeoutException {
        Node leader = cluster.awaitHealthy(HEALTHY_LIMIT);
        WriteGap gap;
        try (Writer writer = new Writer(cluster, ledger)) {
            writer.keepWriting(Duration.ZERO, WRITE_LIMIT);
            writer.keepWriting(timing.loop().multipliedBy(2L * round + 1).dividedBy(2L * ROUNDS), WRITE_LIMIT);
            gap = writer.across(leader::kill, GAP_LIMIT);
        }
        leader.start();
        return gap;
    }

    private static void createTable(Server primary) throws SQLException {
        try (Connection connection = primary.connect();
                Statement create = connection.createStatement()) {
            create.execute(Ledger.TABLE);
        }
    }
}
