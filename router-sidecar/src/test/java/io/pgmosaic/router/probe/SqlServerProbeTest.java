package io.pgmosaic.router.probe;

import io.pgmosaic.protocol.topology.Server;
import io.pgmosaic.router.database.Databases;
import io.pgmosaic.router.harness.ShardPostgres;
import io.pgmosaic.router.harness.TestAuthority;
import io.pgmosaic.router.harness.Topologies;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class SqlServerProbeTest {
    private static final TestAuthority AUTHORITY = new TestAuthority();
    private static final ServerAnswer CLOSED = new ServerAnswer.None(ServerAnswer.Why.CLOSED);

    @TempDir
    private static Path shared;

    private static ShardPostgres postgres;
    private static Vertx vertx;

    @TempDir
    private Path secret;

    private Databases databases;

    @BeforeAll
    static void start() throws SQLException {
        vertx = Vertx.vertx();
        postgres = ShardPostgres.start(AUTHORITY, shared.resolve("unused"));
    }

    @AfterAll
    static void stop() {
        postgres.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @BeforeEach
    void open() throws IOException {
        ShardPostgres.secret(secret, AUTHORITY, ShardPostgres.PASSWORD);
        databases = new Databases(vertx, secret);
    }

    @AfterEach
    void close() {
        databases.close();
    }

    @Test
    void seesAnOpenPrimaryAndLeavesItsPlaceToOthers() throws SQLException {
        assertThat(ask(postgres.server())).isEqualTo(new ServerAnswer.Primary(1));
        await().ignoreExceptions().untilAsserted(() -> postgres.execute("postgres", """
                DO $$ BEGIN
                  ASSERT (SELECT count(*) FROM pg_stat_activity WHERE usename = 'mosaic_router') = 0;
                END $$
                """));
        assertThat(ask(postgres.server())).as("again").isEqualTo(new ServerAnswer.Primary(1));
    }

    @Test
    void believesNoTermThatTheDatabasesOwnerSet() throws SQLException {
        postgres.execute("postgres", "ALTER DATABASE shop SET mosaic.term = '999999'");
        try {
            assertThat(ask(postgres.server())).isEqualTo(new ServerAnswer.Unclear());
        } finally {
            postgres.execute("postgres", "ALTER DATABASE shop RESET mosaic.term");
        }
        assertThat(ask(postgres.server())).isEqualTo(new ServerAnswer.Primary(1));
    }

    @Test
    void seesThatAPrimaryIsClosed() throws SQLException {
        admit("hostnossl all postgres 127.0.0.1/32 trust");
        try {
            await().untilAsserted(() -> assertThat(ask(postgres.server())).isEqualTo(CLOSED));
        } finally {
            admit("hostnossl all postgres 127.0.0.1/32 trust", "hostssl all all 127.0.0.1/32 scram-sha-256");
        }
        await().untilAsserted(() -> assertThat(ask(postgres.server())).isEqualTo(new ServerAnswer.Primary(1)));
    }

    @Test
    void tellsAServerThatIsAnotherOneOrDownFromOneThatSaysNothing() throws IOException {
        Server moved = new Server("orders-s0-7", "127.0.0.1", postgres.server().port());
        assertThat(ask(moved)).isEqualTo(new ServerAnswer.None(ServerAnswer.Why.ANOTHER));
        ServerSocket mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        int free = mute.getLocalPort();
        try (mute) {
            assertThat(ask(new Server("orders-s0-0", "127.0.0.1", free))).isEqualTo(new ServerAnswer.Unclear());
        }
        await().untilAsserted(() -> assertThat(ask(new Server("orders-s0-0", "127.0.0.1", free)))
                .isEqualTo(new ServerAnswer.None(ServerAnswer.Why.DOWN)));
        ShardPostgres.secret(secret, AUTHORITY, "wrong");
        assertThat(ask(postgres.server())).as("our own mistake").isEqualTo(new ServerAnswer.Unclear());
        ShardPostgres.secret(secret, new TestAuthority(), ShardPostgres.PASSWORD);
        await().untilAsserted(() -> assertThat(ask(postgres.server()))
                .as("one that cannot be trusted")
                .isEqualTo(new ServerAnswer.Unclear()));
    }

    /** The server writes its own rules, since it alone may. */
    private static void admit(String... rules) throws SQLException {
        StringBuilder lines = new StringBuilder();
        for (String rule : rules) {
            lines.append(lines.isEmpty() ? "" : ", ").append("('").append(rule).append("')");
        }
        postgres.execute(
                "postgres",
                "DO $$ BEGIN EXECUTE format('COPY (VALUES " + lines.toString().replace("'", "''")
                        + ") TO %L', current_setting('hba_file')); END $$",
                "SELECT pg_reload_conf()");
    }

    private ServerAnswer ask(Server server) {
        return new SqlServerProbe(databases)
                .ask(Topologies.healthy(), "s0", server)
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }
}
