package io.pgmosaic.instance;

import io.pgmosaic.instance.harness.TestManager;
import io.pgmosaic.instance.harness.TestShard;
import io.pgmosaic.protocol.instance.DataDirectory;
import io.pgmosaic.protocol.instance.InstanceCommand;
import io.pgmosaic.protocol.instance.InstanceRole;
import io.pgmosaic.protocol.instance.InstanceStatus;
import io.pgmosaic.protocol.instance.Operation;
import io.pgmosaic.protocol.instance.PostgresConfiguration;
import io.pgmosaic.protocol.instance.PostgresState.ServerState;
import io.pgmosaic.protocol.instance.Refusal.Reason;
import io.pgmosaic.protocol.instance.WalReceiver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Whatever is cut short is recognised and done again; nothing half made is ever started. */
final class InterruptionTest {
    private static final PostgresConfiguration PLAIN = new PostgresConfiguration(1, Map.of(), "", List.of(), true);
    private TestShard shard;

    @BeforeEach
    void open() throws IOException {
        shard = new TestShard();
    }

    @AfterEach
    void close() throws IOException {
        shard.close();
    }

    private static void begin(TestManager manager, InstanceCommand command) {
        CompletableFuture<Void> unused = CompletableFuture.runAsync(() -> {
            try {
                manager.send(command);
            } catch (IOException | InterruptedException expectedOfAKilledManager) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private static void awaitFile(Path file) {
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(2))
                .until(() -> Files.exists(file));
    }

    @Test
    void aKilledInitdbIsStartedOver() throws Exception {
        TestManager manager = shard.manager(0).start();
        Path staging = manager.volume().resolve("pgdata.new");
        begin(manager, manager.bootstrap(1, PLAIN));
        awaitFile(staging.resolve("PG_VERSION"));
        manager.killEverything();
        assertThat(staging).exists();
        assertThat(manager.data()).doesNotExist();

        manager.start();
        assertThat(manager.status().data().state()).isEqualTo(DataDirectory.State.INCOMPLETE);
        assertThat(manager.status().role()).isEqualTo(InstanceRole.NONE);
        assertThat(manager.status().promisedTerm()).isEqualTo(1);
        assertThat(manager.refused(new InstanceCommand.Resume(manager.identity(), 1, "1", PLAIN))
                        .reason())
                .isEqualTo(Reason.NO_DATA);

        // Now only the manager dies; its initdb goes on without it, and the next manager has to end it first.
        begin(manager, manager.bootstrap(1, PLAIN));
        awaitFile(staging.resolve("PG_VERSION"));
        manager.process().destroyForcibly().waitFor();
        manager.start();
        manager.make(manager.bootstrap(2, PLAIN));
        assertThat(manager.status().postgres().state()).isEqualTo(ServerState.RUNNING);
        assertThat(staging).doesNotExist();
        manager.connect("postgres", "verify-ca").close();
    }

    @Test
    void aKilledBaseBackupIsStartedOverAndAFailedOneIsReported() throws Exception {
        TestManager primary = shard.manager(0).start();
        TestManager standby = shard.manager(1).start();
        PostgresConfiguration withSlot = new PostgresConfiguration(1, Map.of(), "", List.of(standby.slot()), true);
        primary.make(primary.bootstrap(1, withSlot));
        try (Connection connection = primary.connect("postgres", "verify-ca");
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE big AS SELECT repeat('x', 1000) AS text FROM generate_series(1, 20000)");
        }
        String system = Objects.requireNonNull(primary.status().data().systemIdentifier());
        InstanceCommand follow = standby.follow(1, primary, system, PLAIN);
        begin(standby, follow);
        awaitFile(standby.volume().resolve("pgdata.new/backup_label"));
        standby.killEverything();
        assertThat(standby.data()).doesNotExist();
        standby.start();
        assertThat(standby.status().data().state()).isEqualTo(DataDirectory.State.INCOMPLETE);

        // A copy of another system than the shard's is not started, whoever serves it.
        standby.send(standby.follow(1, primary, "42", PLAIN));
        InstanceStatus failed = standby.awaitStatus(
                status -> status.operation() != null && status.operation().state() == Operation.State.FAILED);
        assertThat(Objects.requireNonNull(failed.operation()).error()).contains("the shard is system 42");
        assertThat(standby.data()).doesNotExist();

        // Nobody listens there.
        standby.send(standby.follow(1, shard.manager(5), system, PLAIN));
        InstanceStatus refused = standby.awaitStatus(status -> status.operation() != null
                && status.operation().state() == Operation.State.FAILED
                && String.valueOf(status.operation().error()).contains("Connection refused"));
        assertThat(Objects.requireNonNull(refused.operation()).error()).contains("pg_basebackup");

        // The upstream has no slot for it now: it is cloned all the same, and streams once there is one.
        primary.make(primary.configure(1, new PostgresConfiguration(2, Map.of(), "", List.of(), true)));
        standby.make(follow);
        WalReceiver waiting = Objects.requireNonNull(standby.status().postgres().receiver());
        assertThat(waiting.streaming()).isFalse();
        assertThat(waiting.silenceMillis()).isNull();
        assertThat(standby.status().postgres().replayLagMillis()).isNull();
        primary.make(primary.configure(1, new PostgresConfiguration(3, Map.of(), "", List.of(standby.slot()), true)));
        standby.awaitStatus(status -> status.postgres().receiver() != null
                && status.postgres().receiver().streaming());
    }

    @Test
    void aManagerEndsTheServerThatAKilledOneLeft() throws Exception {
        TestManager manager = shard.manager(0).start();
        manager.make(manager.bootstrap(1, PLAIN));
        long before = Long.parseLong(
                Files.readAllLines(manager.data().resolve("postmaster.pid")).getFirst());
        manager.process().destroyForcibly().waitFor();
        assertThat(ProcessHandle.of(before)).isPresent();
        manager.start();
        await().atMost(Duration.ofSeconds(20))
                .until(() -> ProcessHandle.of(before).isEmpty());
        assertThat(manager.status().postgres().state()).isEqualTo(ServerState.STOPPED);
        String system = Objects.requireNonNull(manager.status().data().systemIdentifier());
        manager.make(new InstanceCommand.Resume(manager.identity(), 1, system, PLAIN));
        manager.connect("postgres", "verify-ca").close();
    }
}
