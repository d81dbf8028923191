package io.pgmosaic.operator.split.verify;

import io.pgmosaic.operator.split.MovingTable;
import org.junit.jupiter.api.Test;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** Whoever holds up the stream does so for seconds at most, whatever becomes of him, and what he saw after that does not count. */
class HeldStreamTest {
    private static final MovingTable ONE = MovingTable.reference("public", "one");
    private static final String BLOCKED =
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database ="
                    + " (SELECT oid FROM pg_database WHERE datname = current_database())";

    private final CountDownLatch thawed = new CountDownLatch(1);

    @Test
    void aFrozenOperator() throws Exception {
        holds(pair -> {}, Duration.ofSeconds(MeetingPoint.HOLD_SECONDS + 10));
    }

    @Test
    void anOperatorThatIsKilled() throws Exception {
        holds(
                pair -> pair.receiver.execute(
                        "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
                                + " AND granted AND pid IN (SELECT pid FROM pg_stat_activity WHERE usename = 'mosaic_move')"),
                Duration.ofSeconds(MeetingPoint.HOLD_SECONDS - 1));
    }

    private interface Fault {
        void strike(StreamedPair pair) throws SQLException;
    }

    private void holds(Fault fault, Duration atMost) throws Exception {
        try (StreamedPair pair = new StreamedPair("CREATE TABLE one (id int PRIMARY KEY)", ONE);
                ExecutorService threads = Executors.newSingleThreadExecutor()) {
            Future<?> meeting = threads.submit(() -> {
                try (Sessions sessions = new Sessions()) {
                    new MeetingPoint(pair.request(false), pair.sender, pair.receiver, sessions)
                            .meet("", holder -> awaitThaw(), new TestWatch());
                }
                return null;
            });
            try {
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> pair.receiver.one(BLOCKED).equals("1"));
                pair.sender.execute("INSERT INTO one VALUES (1)");
                fault.strike(pair);
                await().atMost(atMost)
                        .until(() ->
                                pair.receiver.one("SELECT count(*) FROM one").equals("1"));
            } finally {
                thawed.countDown();
            }
            assertThatThrownBy(() -> meeting.get(30, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(SQLException.class);
            assertThat(pair.verify(false, new TestWatch())).isInstanceOf(Verdict.Verified.class);
        }
    }

    private void awaitThaw() {
        try {
            thawed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
