package io.pgmosaic.instance;

import io.pgmosaic.instance.harness.Sandbox;
import io.pgmosaic.instance.harness.TestManager;
import io.pgmosaic.instance.harness.TestShard;
import io.pgmosaic.protocol.instance.DataDirectory;
import io.pgmosaic.protocol.instance.InstanceCommand;
import io.pgmosaic.protocol.instance.InstanceRole;
import io.pgmosaic.protocol.instance.InstanceStatus;
import io.pgmosaic.protocol.instance.PostgresConfiguration;
import io.pgmosaic.protocol.instance.PostgresState.ServerState;
import io.pgmosaic.protocol.instance.Refusal;
import io.pgmosaic.protocol.instance.Refusal.Reason;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** The life of one primary, told in order: each chapter begins where the one before ended. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class PrimaryTest {
    private static TestShard shard;
    private static TestManager primary;
    private static String system;

    @BeforeAll
    static void open() throws IOException {
        shard = new TestShard();
        primary = shard.manager(0).start();
        primary.make(primary.bootstrap(3, configuration(1, Map.of(), List.of(), false)));
        system = Objects.requireNonNull(primary.status().data().systemIdentifier());
    }

    @AfterAll
    static void close() throws IOException {
        shard.close();
    }

    private static PostgresConfiguration configuration(
            long sequence, Map<String, String> parameters, List<String> slots, boolean clients) {
        return new PostgresConfiguration(sequence, parameters, "", slots, clients);
    }

    private static String show(String sql) throws SQLException {
        try (Connection connection = primary.connect("postgres", "verify-ca");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    @Test
    @Order(1)
    void onlyTheProductsRolesComeInAndOnlyOverTls() throws Exception {
        try (Connection connection = primary.connect("postgres", "verify-ca");
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE ROLE app LOGIN PASSWORD E'pa\\'ss\\\\w:ord \"$(x)'");
        }
        assertThatThrownBy(() -> primary.connect("app", "require")).hasMessageContaining("pg_hba.conf");
        assertThatThrownBy(() -> primary.connect("postgres", "disable")).hasMessageContaining("no encryption");
        primary.make(primary.configure(3, configuration(2, Map.of(), List.of(), true)));
        assertThatThrownBy(() -> primary.connect("app", "require")).hasMessageContaining("pg_hba.conf");
        primary.open(3);
        primary.connect("app", "require").close();
        assertThatThrownBy(() -> primary.connect("app", "disable")).hasMessageContaining("no encryption");
        assertThat(show("SHOW mosaic.term")).isEqualTo("3");
        assertThat(show("SHOW mosaic.instance")).isEqualTo("orders-s0-0");
        assertThat(show("SELECT datcollate || ' ' || pg_encoding_to_char(encoding) FROM pg_database LIMIT 1"))
                .isEqualTo("C.UTF-8 UTF8");
        assertThat(show("SHOW data_checksums")).isEqualTo("on");
        assertThat(show("SELECT count(*) FROM pg_authid WHERE rolcanlogin AND rolpassword NOT LIKE 'SCRAM-%'"))
                .isEqualTo("0");
    }

    @Test
    @Order(2)
    void configuresAndAnswersWhenItIsInEffect() throws Exception {
        primary.make(primary.configure(
                3,
                configuration(
                        3,
                        Map.of("work_mem", "7MB", "max_connections", "60", "app.note", "it's \\ \n \"x\""),
                        List.of("mosaic_a", "mosaic_b"),
                        true)));
        assertThat(show("SHOW work_mem")).isEqualTo("7MB");
        assertThat(show("SHOW app.note")).isEqualTo("it's \\ \n \"x\"");
        assertThat(show("SELECT string_agg(slot_name, ',' ORDER BY 1) FROM pg_replication_slots"))
                .isEqualTo("mosaic_a,mosaic_b");
        var applied = Objects.requireNonNull(primary.status().postgres().configuration());
        assertThat(applied.pendingRestart()).containsExactly("max_connections");
        assertThat(applied.term()).isEqualTo(3);
        assertThat(applied.sequence()).isEqualTo(3);

        try (Connection connection = primary.connect("postgres", "verify-ca");
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_create_physical_replication_slot('of_somebody_else')");
        }
        primary.make(primary.configure(3, configuration(4, Map.of("work_mem", "7MB"), List.of("mosaic_b"), true)));
        assertThat(show("SELECT string_agg(slot_name, ',' ORDER BY 1) FROM pg_replication_slots"))
                .isEqualTo("mosaic_b,of_somebody_else");
        assertThat(primary.refused(primary.configure(3, configuration(3, Map.of(), List.of(), true)))
                        .reason())
                .isEqualTo(Reason.STALE_CONFIGURATION);
    }

    @Test
    @Order(3)
    void whatPostgresDoesNotAcceptChangesNothing() throws Exception {
        String before = Files.readString(primary.data().resolve("postgresql.conf"));
        for (Map<String, String> parameters :
                List.of(Map.of("work_mem", "lots"), Map.of("max_connections", "0"), Map.of("no_such_parameter", "1"))) {
            Refusal refusal =
                    primary.refused(primary.configure(3, configuration(5, parameters, List.of("mosaic_b"), true)));
            assertThat(refusal.reason()).isEqualTo(Reason.INVALID_CONFIGURATION);
            assertThat(refusal.message())
                    .contains(parameters.keySet().iterator().next())
                    .doesNotContain("candidate.conf");
        }
        assertThat(primary.refused(primary.configure(3, configuration(5, Map.of("fsync", "off"), List.of(), true)))
                        .reason())
                .isEqualTo(Reason.MALFORMED);
        assertThat(Files.readString(primary.data().resolve("postgresql.conf"))).isEqualTo(before);
        assertThat(show("SHOW work_mem")).isEqualTo("7MB");
    }

    @Test
    @Order(4)
    void refusesWhatItsRoleAndTermDoNotAllow() throws Exception {
        PostgresConfiguration next = configuration(9, Map.of(), List.of(), true);
        assertThat(primary.refused(primary.configure(2, next)).reason()).isEqualTo(Reason.STALE_TERM);
        assertThat(primary.refused(primary.configure(4, next)).reason()).isEqualTo(Reason.NOT_IN_TERM);
        TestManager other = shard.manager(1);
        assertThat(primary.refused(primary.follow(3, other, system, next)).reason())
                .isEqualTo(Reason.PRIMARY_DATA);
        assertThat(primary.refused(primary.follow(4, other, "1", next)).reason())
                .isEqualTo(Reason.FOREIGN_DATA);
        assertThat(primary.refused(new InstanceCommand.Stop(other.identity(), 3))
                        .reason())
                .isEqualTo(Reason.WRONG_INSTANCE);
        assertThat(primary.status().promisedTerm()).isEqualTo(3);
        assertThat(primary.status().postgres().state()).isEqualTo(ServerState.RUNNING);
    }

    @Test
    @Order(5)
    void stopsAndResumesWhenTold() throws Exception {
        primary.make(new InstanceCommand.Stop(primary.identity(), 3));
        InstanceStatus stopped = primary.status();
        assertThat(stopped.postgres().state()).isEqualTo(ServerState.STOPPED);
        assertThat(stopped.postgres().term()).isZero();
        assertThat(stopped.role()).isEqualTo(InstanceRole.PRIMARY);
        assertThat(primary.postgresProcesses()).isEmpty();
        assertThat(primary.refused(resume(4)).reason()).isEqualTo(Reason.NOT_PRIMARY);
        assertThat(primary.refused(new InstanceCommand.Resume(
                                primary.identity(), 3, "12", configuration(5, Map.of(), List.of(), true)))
                        .reason())
                .isEqualTo(Reason.FOREIGN_DATA);
        primary.make(resume(3));
        assertThat(primary.status().postgres().state()).isEqualTo(ServerState.RUNNING);
    }

    private static InstanceCommand.Resume resume(long term) {
        return new InstanceCommand.Resume(
                primary.identity(), term, system, configuration(6, Map.of(), List.of(), true));
    }

    @Test
    @Order(6)
    void aDeadPrimaryIsReportedAndNotRestarted() throws Exception {
        long postmaster = Long.parseLong(
                Files.readAllLines(primary.data().resolve("postmaster.pid")).getFirst());
        ProcessHandle.of(postmaster).orElseThrow().destroyForcibly();
        InstanceStatus crashed = primary.awaitStatus(status -> status.postgres().state() == ServerState.CRASHED);
        assertThat(crashed.postgres().message()).contains("exit code 137").contains("the end of its log");
        await().during(Duration.ofSeconds(2))
                .atMost(Duration.ofSeconds(10))
                .until(() -> primary.status().postgres().state() == ServerState.CRASHED);
        primary.make(resume(3));
        assertThat(primary.status().postgres().state()).isEqualTo(ServerState.RUNNING);
    }

    @Test
    @Order(6)
    void aDeadBackendEndsTheServerSoThatTheOperatorDecides() throws Exception {
        try (Connection connection = primary.connect("postgres", "verify-ca");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
            row.next();
            ProcessHandle.of(row.getLong(1)).orElseThrow().destroyForcibly();
        }
        primary.awaitStatus(status -> status.postgres().state() == ServerState.CRASHED);
        primary.make(resume(3));
        assertThat(primary.status().postgres().state()).isEqualTo(ServerState.RUNNING);
    }

    @Test
    @Order(6)
    void aServerThatHangsDoesNotHoldUpTheStatus() throws Exception {
        primary.awaitStatus(status -> status.postgres().state() == ServerState.RUNNING);
        signal("STOP");
        try {
            long begun = System.nanoTime();
            InstanceStatus hanging = primary.awaitStatus(status -> {
                assertThat(Duration.between(status.takenAt(), Instant.now())).isLessThan(Duration.ofSeconds(3));
                return status.postgres().state() != ServerState.RUNNING;
            });
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(15));
            assertThat(hanging.postgres().state()).isEqualTo(ServerState.UNRESPONSIVE);
            assertThat(hanging.postgres().message()).contains("PostgreSQL");
            assertThat(primary.health("/readyz").statusCode()).isEqualTo(503);
            assertThat(primary.health("/livez").statusCode()).isEqualTo(200);
        } finally {
            signal("CONT");
        }
        primary.awaitStatus(status -> status.postgres().state() == ServerState.RUNNING);
    }

    private static void signal(String name) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("kill", "-" + name));
        primary.postgresProcesses().forEach(pid -> command.add(Long.toString(pid)));
        assertThat(new ProcessBuilder(command).start().waitFor()).isZero();
    }

    @Test
    @Order(7)
    void sigtermStopsPostgresCleanly() throws Exception {
        assertThat(primary.terminate()).isZero();
        assertThat(primary.postgresProcesses()).isEmpty();
        assertThat(Sandbox.run("pg_controldata", primary.data().toString()))
                .containsPattern("Database cluster state: +shut down\n");
        assertThat(Files.readAllLines(primary.log())).allSatisfy(line -> assertThat(line)
                .startsWith("{\"ts\":\"")
                .contains("\"instance\":\"orders-s0-0\"")
                .doesNotContain("pa'ss"));
    }

    @Test
    @Order(8)
    void afterAStartItRemembersAndWaits() throws Exception {
        primary.start();
        assertThat(primary.status().promisedTerm()).isEqualTo(3);
        assertThat(primary.refused(primary.configure(2, configuration(99, Map.of(), List.of(), true)))
                        .reason())
                .isEqualTo(Reason.STALE_TERM);
        assertThat(primary.status().postgres().state()).isEqualTo(ServerState.STOPPED);
        assertThat(primary.postgresProcesses()).isEmpty();
        primary.make(resume(3));
        primary.terminate();
    }

    @Test
    @Order(9)
    void aVolumeOfANewerPostgresIsLeftAlone() throws Exception {
        Path version = primary.data().resolve("PG_VERSION");
        String real = Files.readString(version);
        Files.writeString(version, "99\n");
        primary.start();
        InstanceStatus status = primary.status();
        assertThat(status.data().state()).isEqualTo(DataDirectory.State.INCOMPATIBLE);
        assertThat(status.data().majorVersion()).isEqualTo(99);
        assertThat(primary.refused(resume(3)).reason()).isEqualTo(Reason.INCOMPATIBLE_DATA);
        primary.terminate();
        Files.writeString(version, real);
    }

    @Test
    @Order(10)
    void aVolumeOfAnotherInstanceIsRefused() throws Exception {
        TestManager other = shard.manager(7);
        other.extraEnvironment().put("PGMOSAIC_VOLUME", primary.volume().toString());
        other.start();
        assertThat(other.status().data().storedIdentity()).isEqualTo(primary.identity());
        assertThat(other.refused(new InstanceCommand.Stop(other.identity(), 9)).reason())
                .isEqualTo(Reason.WRONG_INSTANCE);
        other.terminate();
    }

    @Test
    @Order(11)
    void withoutAReadablePromiseItServesNothing() throws Exception {
        Path promise = primary.volume().resolve("promise.json");
        Files.writeString(promise, Files.readString(promise).substring(1));
        primary.start();
        InstanceStatus status = primary.status();
        assertThat(status.data().state()).isEqualTo(DataDirectory.State.UNREADABLE);
        assertThat(status.data().message()).contains("promise.json").contains("cloned anew");
        for (InstanceCommand command : List.of(
                resume(3),
                new InstanceCommand.Stop(primary.identity(), 9),
                primary.bootstrap(9, configuration(1, Map.of(), List.of(), true)))) {
            assertThat(primary.refused(command).reason()).isEqualTo(Reason.PROMISE_UNREADABLE);
        }
    }
}
