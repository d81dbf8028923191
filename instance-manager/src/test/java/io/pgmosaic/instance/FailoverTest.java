package io.pgmosaic.instance;

import io.pgmosaic.instance.harness.TestManager;
import io.pgmosaic.instance.harness.TestShard;
import io.pgmosaic.protocol.instance.InstanceCommand;
import io.pgmosaic.protocol.instance.InstanceRole;
import io.pgmosaic.protocol.instance.InstanceStatus;
import io.pgmosaic.protocol.instance.LogPosition;
import io.pgmosaic.protocol.instance.PostgresConfiguration;
import io.pgmosaic.protocol.instance.PostgresState.ServerState;
import io.pgmosaic.protocol.instance.Refusal.Reason;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** One shard that loses its primary, or is told to do without it. */
@Timeout(value = 4, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class FailoverTest {
    private TestShard shard;
    private TestManager first;
    private TestManager second;
    private TestManager third;
    private String system;

    @BeforeEach
    void open() throws Exception {
        shard = new TestShard();
        first = shard.manager(0).start();
        second = shard.manager(1).start();
        third = shard.manager(2).start();
        first.make(first.bootstrap(1, configuration(1, "", first)));
        system = Objects.requireNonNull(first.status().data().systemIdentifier());
        for (TestManager standby : List.of(second, third)) {
            standby.make(TestManager.unheard(standby.follow(1, first, system, configuration(1, "", standby))));
        }
        first.sql("CREATE TABLE t (i int)");
        first.sql("CREATE ROLE app LOGIN SUPERUSER PASSWORD E'pa\\'ss\\\\w:ord \"$(x)'");
    }

    @AfterEach
    void close() throws IOException {
        shard.close();
    }

    private PostgresConfiguration configuration(long sequence, String sync, TestManager self) {
        List<String> slots = List.of(first, second, third).stream()
                .filter(manager -> manager != self)
                .map(TestManager::slot)
                .toList();
        return new PostgresConfiguration(sequence, Map.of(), sync, slots, true);
    }

    private static String any(TestManager... standbys) {
        return "ANY 1 (\""
                + String.join(
                        "\",\"",
                        List.of(standbys).stream()
                                .map(standby -> standby.identity().instance())
                                .toList())
                + "\")";
    }

    private static void awaitStreaming(TestManager... standbys) {
        for (TestManager standby : standbys) {
            await().atMost(Duration.ofSeconds(40))
                    .pollInterval(Duration.ofMillis(20))
                    .until(standby::streams);
        }
    }

    private static LogPosition logEnd(TestManager manager) {
        return Objects.requireNonNull(manager.status().logEnd());
    }

    private static CompletableFuture<Void> insert(TestManager manager) {
        // On a thread of its own: it may hang, and the common pool has few.
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread.ofPlatform().daemon().start(() -> {
            try {
                manager.sql("INSERT INTO t VALUES (1)");
                done.complete(null);
            } catch (SQLException e) {
                done.completeExceptionally(e);
            }
        });
        return done;
    }

    @Test
    void aRevokedStandbyConfirmsNothingMoreAndAnotherFollowsWithoutARestart() throws Exception {
        awaitStreaming(second, third);
        first.make(first.configure(1, configuration(2, any(second, third), first)));
        first.awaitStatus(status -> status.postgres().configuration() != null
                && status.postgres().configuration().appliedLsn() != null);
        first.sql("INSERT INTO t VALUES (0)");
        second.make(second.revoke(2, false));
        third.make(third.revoke(2, false));
        assertThat(second.status().promisedTerm()).isEqualTo(2);
        LogPosition end = logEnd(second);
        assertThat(end.timeline()).isEqualTo(1);

        CompletableFuture<Void> unconfirmed = insert(first);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> first.show("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'")
                        .equals("1"));
        await().during(Duration.ofSeconds(2)).atMost(Duration.ofSeconds(10)).until(() -> !unconfirmed.isDone());
        assertThat(first.status().postgres().replicas()).isEmpty();
        assertThat(logEnd(second)).isEqualTo(end);
        assertThat(second.refused(second.follow(1, first, system, configuration(9, "", second)))
                        .reason())
                .isEqualTo(Reason.STALE_TERM);

        // Neither does it when it starts anew, and it tells its end again.
        second.killEverything();
        second.start();
        InstanceStatus back = second.awaitStatus(status -> status.logEnd() != null);
        assertThat(back.logEnd()).isEqualTo(end);
        assertThat(back.postgres().state()).isEqualTo(ServerState.RUNNING);
        assertThat(second.refused(second.promote(3, configuration(1, "", second)))
                        .reason())
                .isEqualTo(Reason.NOT_PROMOTABLE);
        assertThat(unconfirmed).isNotDone();

        second.make(second.promote(2, configuration(1, any(third), second)));
        assertThat(second.status().logEnd()).isNull();
        assertThat(second.status().postgres().timeline()).isEqualTo(2);
        String pid = Files.readAllLines(third.data().resolve("postmaster.pid")).getFirst();
        third.make(third.follow(2, second, system, configuration(1, "", third)));
        awaitStreaming(third);
        assertThat(Files.readAllLines(third.data().resolve("postmaster.pid")).getFirst())
                .isEqualTo(pid);
        assertThat(third.status().logEnd()).isNull();
        second.sql("INSERT INTO t VALUES (2)");

        // The old primary has what nobody confirmed; it is rewound.
        assertThat(first.status().role()).isEqualTo(InstanceRole.PRIMARY);
        first.make(first.revoke(2, false));
        assertThatThrownBy(unconfirmed::join).isNotNull();
        assertThat(logEnd(first).lsn()).isGreaterThan(end.lsn());
        first.make(first.follow(2, second, system, configuration(1, "", first)));
        awaitStreaming(first);
        assertThat(Files.readString(first.log())).contains("rewinding").doesNotContain("cloned anew");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> first.show("SELECT string_agg(i::text, ',' ORDER BY i) FROM t")
                        .equals("0,2"));
        assertThat(first.status().role()).isEqualTo(InstanceRole.STANDBY);
    }

    @Test
    void anOrderlyRevokeHandsTheWholeLogOver() throws Exception {
        awaitStreaming(second, third);
        first.sql("INSERT INTO t VALUES (1)");
        first.make(first.revoke(5, true));
        LogPosition end = logEnd(first);
        second.make(second.revoke(5, true));
        third.make(third.revoke(5, false));
        assertThat(logEnd(second)).isEqualTo(end);
        assertThat(first.refused(new InstanceCommand.Resume(first.identity(), 5, system, configuration(2, "", first)))
                        .reason())
                .isEqualTo(Reason.NOT_PRIMARY);

        second.make(second.promote(5, configuration(1, "", second)));
        assertThat(second.status().postgres().timeline()).isEqualTo(5);
        assertThat(second.status().role()).isEqualTo(InstanceRole.PRIMARY);
        assertThat(second.show("SHOW mosaic.term")).isEqualTo("5");
        first.make(first.follow(5, second, system, configuration(1, "", first)));
        third.make(third.follow(5, second, system, configuration(1, "", third)));
        awaitStreaming(first, third);
        assertThat(Files.readString(first.log())).doesNotContain("rewinding");

        // Again, with a term left out and an instance that was away.
        third.killEverything();
        second.sql("INSERT INTO t VALUES (2)");
        first.make(first.revoke(8, false));
        first.make(first.promote(8, configuration(1, "", first)));
        assertThat(first.status().postgres().timeline()).isEqualTo(8);
        third.start();
        third.make(third.follow(8, first, system, configuration(1, "", third)));
        second.make(second.follow(8, first, system, configuration(1, "", second)));
        awaitStreaming(second, third);
        third.killEverything();
        third.start();
        awaitStreaming(third);
        first.sql("INSERT INTO t VALUES (3)");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> third.show("SELECT count(*) FROM t WHERE i = 3").equals("1"));
    }

    @Test
    void aPrimaryThatIsToldToEndServesOnUntilItHasHandedOver() throws Exception {
        awaitStreaming(second, third);
        first.open(1);
        first.sql("INSERT INTO t VALUES (0)");
        Process process = first.process();
        process.destroy();
        await().until(() -> Files.readString(first.log()).contains("until another is appointed"));
        first.sql("INSERT INTO t VALUES (1)");
        assertThat(process.isAlive()).isTrue();

        first.make(first.revoke(2, true));
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        second.make(second.revoke(2, true));
        assertThat(second.show("SELECT count(*) FROM t")).isEqualTo("2");
    }

    @Test
    void aPrimaryWhoseStandbysHaveGoneEndsAtOnceWhenItIsToldTo() throws Exception {
        awaitStreaming(second, third);
        first.open(1);
        assertThat(second.terminate()).isZero();
        assertThat(third.terminate()).isZero();
        await().until(() -> first.status().postgres().replicas().isEmpty());
        assertThat(first.terminate()).isZero();
        assertThat(Files.readString(first.log())).doesNotContain("until another is appointed");
    }

    @Test
    void aPrimaryIsClosedUntilItIsOpenedAndWhenItIsClosed() throws Exception {
        assertThatThrownBy(() -> first.connect("app", "require")).hasMessageContaining("pg_hba.conf");
        assertThat(first.status().postgres().open()).isFalse();
        InstanceStatus status = first.status();
        assertThat(first.refused(new InstanceCommand.Open(
                                first.identity(),
                                1,
                                Objects.requireNonNull(status.postgres().startedAt())
                                        .minusSeconds(1)))
                        .reason())
                .isEqualTo(Reason.SERVER_RESTARTED);
        first.open(1);
        assertThat(first.status().postgres().open()).isTrue();
        first.make(new InstanceCommand.Resume(first.identity(), 1, system, configuration(2, "", first)));
        assertThat(first.status().postgres().open()).isTrue();
        try (Connection application = first.connect("app", "require")) {
            first.make(new InstanceCommand.Close(first.identity(), 1));
            assertThatThrownBy(() -> query(application)).isInstanceOf(SQLException.class);
        }
        assertThatThrownBy(() -> first.connect("app", "require")).hasMessageContaining("pg_hba.conf");
        first.open(1);
        first.make(new InstanceCommand.Stop(first.identity(), 1));
        first.make(new InstanceCommand.Resume(first.identity(), 1, system, configuration(3, "", first)));
        assertThat(first.status().postgres().open()).isFalse();
        assertThatThrownBy(() -> first.connect("app", "require")).hasMessageContaining("pg_hba.conf");

        // The readers of a standby are put out when it becomes a primary.
        awaitStreaming(second);
        try (Connection reader = second.connect("app", "require")) {
            query(reader);
            second.make(second.revoke(2, false));
            query(reader);
            second.make(second.promote(2, configuration(1, "", second)));
            assertThatThrownBy(() -> query(reader)).isInstanceOf(SQLException.class);
        }
        assertThatThrownBy(() -> second.connect("app", "require")).hasMessageContaining("pg_hba.conf");
        second.open(2);
        second.connect("app", "require").close();
    }

    private static void query(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT 1");
        }
    }
}
