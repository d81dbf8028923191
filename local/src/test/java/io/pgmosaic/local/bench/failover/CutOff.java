package io.pgmosaic.local.bench.failover;

import io.pgmosaic.local.bench.gap.Server;
import io.pgmosaic.local.demo.StepFailed;
import io.pgmosaic.local.platform.ProcessFamily;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;

/**
 * Cuts the primary off from everybody who could confirm that it is still one: the operator and both standbys with their
 * managers are stopped, so nothing that it asks is answered.
 */
final class CutOff {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final ShardUnderTest shard;

    CutOff(ShardUnderTest shard) {
        this.shard = shard;
    }

    /** How long after the beginning of the cut the primary still answered a read, and lets everybody go on again. */
    Duration untilReadsAreRefused() throws StepFailed, InterruptedException, TimeoutException {
        Server primary = shard.server(shard.awaitReady());
        List<ProcessFamily> others = new ArrayList<>(List.of(shard.operator()));
        for (String standby : shard.standbys()) {
            others.add(shard.instance(standby));
        }
        long cut = System.nanoTime();
        try {
            others.forEach(other -> other.suspend(true));
            return Duration.ofNanos(lastRead(primary, cut) - cut);
        } finally {
            others.forEach(other -> other.suspend(false));
        }
    }

    /** Reads until a connection and then a new one, too, are refused; when the last read was answered. */
    private static long lastRead(Server primary, long cut) throws TimeoutException {
        long last = cut;
        boolean answered = true;
        while (answered) {
            answered = false;
            try (Connection connection = primary.connect();
                    Statement select = connection.createStatement()) {
                while (System.nanoTime() - cut < LIMIT.toNanos()) {
                    try (ResultSet rows =
                            select.executeQuery("SELECT count(*) FROM (SELECT FROM writes LIMIT 1) one")) {
                        rows.next();
                    }
                    answered = true;
                    last = System.nanoTime();
                }
                throw new TimeoutException(primary + " still answers " + LIMIT.toSeconds() + " s after the cut");
            } catch (SQLException refused) {
                System.out.printf("  %s: %s%n", primary.name(), refused.getMessage());
            }
        }
        return last;
    }
}
