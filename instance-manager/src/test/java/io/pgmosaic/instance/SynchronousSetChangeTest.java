package io.pgmosaic.instance;

import io.pgmosaic.instance.harness.Sandbox;
import io.pgmosaic.instance.harness.TestManager;
import io.pgmosaic.instance.harness.TestShard;
import io.pgmosaic.protocol.Lsn;
import io.pgmosaic.protocol.instance.AppliedConfiguration;
import io.pgmosaic.protocol.instance.PostgresConfiguration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** When the position is told from which on commits wait for a new set of standbys alone. */
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class SynchronousSetChangeTest {
    private final List<Process> started = new ArrayList<>();
    private TestShard shard;
    private TestManager first;
    private TestManager second;
    private TestManager third;
    private String system;
    private long sequence;

    @BeforeEach
    void open() throws Exception {
        shard = new TestShard();
        first = shard.manager(0).start();
        second = shard.manager(1).start();
        third = shard.manager(2);
        first.make(first.bootstrap(1, configuration("")));
        system = Objects.requireNonNull(first.status().data().systemIdentifier());
        follow(second);
        first.sql("CREATE TABLE t (i int)");
    }

    @AfterEach
    void close() throws IOException {
        started.forEach(Process::destroyForcibly);
        shard.close();
    }

    private PostgresConfiguration configuration(String sync) {
        return new PostgresConfiguration(++sequence, Map.of(), sync, List.of(second.slot(), third.slot()), true);
    }

    private void follow(TestManager standby) {
        standby.make(standby.follow(1, first, system, configuration("")));
        await().atMost(Duration.ofSeconds(40)).until(standby::streams);
    }

    private void waitFor(String... standbys) {
        first.make(first.configure(1, configuration("ANY 1 (\"" + String.join("\",\"", standbys) + "\")")));
    }

    private @Nullable Lsn applied() {
        AppliedConfiguration configuration = first.status().postgres().configuration();
        return configuration == null ? null : configuration.appliedLsn();
    }

    private Lsn awaitApplied() {
        return Objects.requireNonNull(await().atMost(Duration.ofSeconds(30)).until(this::applied, Objects::nonNull));
    }

    private Lsn end() throws SQLException {
        return Lsn.parse(first.show("SELECT pg_current_wal_flush_lsn()"));
    }

    @Test
    void aPositionBehindEverythingThatTheSetBeforeReleased() throws Exception {
        third.start();
        follow(third);
        waitFor("orders-s0-1");
        awaitApplied();
        first.sql("INSERT INTO t VALUES (1)");
        Lsn released = end();
        waitFor("orders-s0-2");
        assertThat(awaitApplied()).isGreaterThan(released);

        // By the new set alone: the second confirms still, and does not count.
        third.killEverything();
        CompletableFuture<Void> waiting = new CompletableFuture<>();
        Thread.ofPlatform().daemon().start(() -> {
            try {
                first.sql("INSERT INTO t VALUES (2)");
                waiting.complete(null);
            } catch (SQLException e) {
                waiting.completeExceptionally(e);
            }
        });
        await().atMost(Duration.ofSeconds(20))
                .until(() -> second.show("SELECT pg_last_wal_receive_lsn() >= '" + end() + "'")
                        .equals("t"));
        await().during(Duration.ofSeconds(1)).until(() -> !waiting.isDone());
        waitFor("orders-s0-1");
        waiting.get(20, TimeUnit.SECONDS);
    }

    /** It may release by the rule before whenever it goes on. */
    @Test
    void isNotToldWhileAProcessHasNotReadTheNewRule() throws Exception {
        third.start();
        follow(third);
        waitFor("orders-s0-1", "orders-s0-2");
        awaitApplied();
        String sender = first.show("SELECT pid FROM pg_stat_replication WHERE application_name = 'orders-s0-1'");
        signal("STOP", sender);
        waitFor("orders-s0-2");
        await().during(Duration.ofSeconds(2)).atMost(Duration.ofSeconds(20)).until(() -> applied() == null);
        Lsn before = end();
        signal("CONT", sender);
        assertThat(awaitApplied()).isGreaterThanOrEqualTo(before);
    }

    /** However many come: they may all have been under way before. */
    @Test
    void isNotToldForRepliesThatConfirmNothingNew() throws Exception {
        Path directory = shard.sandbox().directory("received");
        first.sql("SELECT pg_switch_wal()");
        ProcessBuilder receiver = new ProcessBuilder(Sandbox.unprivileged(List.of(
                        Sandbox.postgresBin().resolve("pg_receivewal").toString(),
                        "-d",
                        "host=" + first.address() + " user=mosaic_replication sslmode=require"
                                + " application_name=orders-s0-2",
                        "-D",
                        directory.toString(),
                        "-S",
                        third.slot(),
                        "-s",
                        "1")))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolveSibling("received.log").toFile());
        receiver.environment().clear();
        receiver.environment().putAll(Map.of("PGPASSWORD", TestShard.PASSWORD, "HOME", directory.toString()));
        started.add(receiver.start());
        String row = " FROM pg_stat_replication WHERE application_name = 'orders-s0-2'";
        await().atMost(Duration.ofSeconds(20))
                .until(() -> first.show("SELECT count(*)" + row + " AND flush_lsn IS NOT NULL")
                        .equals("1"));
        waitFor("orders-s0-1", "orders-s0-2");
        Set<String> replies = new HashSet<>();
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            assertThat(applied()).isNull();
            replies.add(first.show("SELECT reply_time" + row));
            return replies.size() > 4;
        });
        started.getFirst().destroyForcibly();
        awaitApplied();
    }

    private static void signal(String name, String pid) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + name, pid).start().waitFor())
                .isZero();
    }
}
