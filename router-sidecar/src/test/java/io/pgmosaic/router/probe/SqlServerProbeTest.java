package io.pgmosaic.router.probe;

import io.pgmosaic.protocol.topology.Server;
import io.pgmosaic.router.harness.AskedShard;
import io.pgmosaic.router.harness.TestAuthority;
import io.pgmosaic.router.harness.Topologies;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class SqlServerProbeTest {
    private static final ServerAnswer CLOSED = new ServerAnswer.None(ServerAnswer.Why.CLOSED);

    @RegisterExtension
    static final AskedShard SHARD = new AskedShard();

    @Test
    void seesAnOpenPrimaryAndLeavesItsPlaceToOthers() throws SQLException {
        assertThat(ask(SHARD.postgres().server())).isEqualTo(new ServerAnswer.Primary(1));
        await().ignoreExceptions().untilAsserted(() -> SHARD.postgres().execute("postgres", """
                DO $$ BEGIN
                  ASSERT (SELECT count(*) FROM pg_stat_activity WHERE usename = 'mosaic_router') = 0;
                END $$
                """));
        assertThat(ask(SHARD.postgres().server())).as("again").isEqualTo(new ServerAnswer.Primary(1));
    }

    @Test
    void believesNoTermThatTheDatabasesOwnerSet() throws SQLException {
        SHARD.postgres().execute("postgres", "ALTER DATABASE shop SET mosaic.term = '999999'");
        try {
            assertThat(ask(SHARD.postgres().server())).isEqualTo(new ServerAnswer.Unclear());
        } finally {
            SHARD.postgres().execute("postgres", "ALTER DATABASE shop RESET mosaic.term");
        }
        assertThat(ask(SHARD.postgres().server())).isEqualTo(new ServerAnswer.Primary(1));
    }

    @Test
    void seesThatAPrimaryIsClosed() throws SQLException {
        admit("hostnossl all postgres 127.0.0.1/32 trust");
        try {
            await().untilAsserted(
                            () -> assertThat(ask(SHARD.postgres().server())).isEqualTo(CLOSED));
        } finally {
            admit("hostnossl all postgres 127.0.0.1/32 trust", "hostssl all all 127.0.0.1/32 scram-sha-256");
        }
        await().untilAsserted(() -> assertThat(ask(SHARD.postgres().server())).isEqualTo(new ServerAnswer.Primary(1)));
    }

    @Test
    void tellsAServerThatIsAnotherOneOrDownFromOneThatSaysNothing() throws IOException {
        Server moved =
                new Server("orders-s0-7", "127.0.0.1", SHARD.postgres().server().port());
        assertThat(ask(moved)).isEqualTo(new ServerAnswer.None(ServerAnswer.Why.ANOTHER));
        ServerSocket mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        int free = mute.getLocalPort();
        try (mute) {
            assertThat(ask(new Server("orders-s0-0", "127.0.0.1", free))).isEqualTo(new ServerAnswer.Unclear());
        }
        await().untilAsserted(() -> assertThat(ask(new Server("orders-s0-0", "127.0.0.1", free)))
                .isEqualTo(new ServerAnswer.None(ServerAnswer.Why.DOWN)));
        SHARD.password("wrong");
        assertThat(ask(SHARD.postgres().server())).as("our own mistake").isEqualTo(new ServerAnswer.Unclear());
        SHARD.trust(new TestAuthority());
        await().untilAsserted(() -> assertThat(ask(SHARD.postgres().server()))
                .as("one that cannot be trusted")
                .isEqualTo(new ServerAnswer.Unclear()));
    }

    /** The server writes its own rules, since it alone may. */
    private static void admit(String... rules) throws SQLException {
        StringBuilder lines = new StringBuilder();
        for (String rule : rules) {
            lines.append(lines.isEmpty() ? "" : ", ").append("('").append(rule).append("')");
        }
        SHARD.postgres()
                .execute(
                        "postgres",
                        "DO $$ BEGIN EXECUTE format('COPY (VALUES "
                                + lines.toString().replace("'", "''")
                                + ") TO %L', current_setting('hba_file')); END $$",
                        "SELECT pg_reload_conf()");
    }

    private ServerAnswer ask(Server server) {
        return new SqlServerProbe(SHARD.databases())
                .ask(Topologies.healthy(), "s0", server)
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }
}
