package io.pgmosaic.router.database;

import io.pgmosaic.protocol.topology.Server;
import io.pgmosaic.router.harness.AskedShard;
import io.pgmosaic.router.harness.ShardPostgres;
import io.pgmosaic.router.harness.TestAuthority;
import io.pgmosaic.router.harness.Topologies;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

class DatabasesTest {
    private static final String SQL = "SELECT $1::text || current_user || current_setting('search_path')";

    @RegisterExtension
    static final AskedShard SHARD = new AskedShard();

    private Databases databases;

    @BeforeEach
    void takeWhatIsOpen() {
        databases = SHARD.databases();
    }

    @Test
    void asksOverOneConnection() {
        List<Future<RowSet<Row>>> asked = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            asked.add(databases.ask(server("s0"), SQL, Tuple.of("as ")));
        }
        for (Future<RowSet<Row>> answer : asked) {
            assertThat(text(answer)).isEqualTo("as mosaic_routerpg_catalog");
        }
        assertThat(text(databases.ask(
                        server("s0"),
                        "SELECT count(*)::text FROM pg_stat_activity WHERE usename = 'mosaic_router' AND $1 <> ''",
                        Tuple.of("x"))))
                .isEqualTo("1");
    }

    @Test
    void givesNoPasswordToAServerOfAnotherShardOrAuthority() throws IOException {
        assertThatThrownBy(() -> text(databases.ask(server("s1"), SQL, Tuple.of(""))))
                .hasCauseInstanceOf(NotAnsweredException.class);
        SHARD.trust(new TestAuthority());
        assertThatThrownBy(() -> text(databases.ask(server("s0"), SQL, Tuple.of(""))))
                .hasCauseInstanceOf(NotAnsweredException.class);
    }

    @Test
    void saysWhatTheServerSays() {
        // A busy machine may let a question wait for too long, and then it is asked again.
        await().untilAsserted(() -> {
            assertThatThrownBy(() -> text(databases.ask(server("s0"), "SELECT nothing, $1", Tuple.of(""))))
                    .hasCauseInstanceOf(PgException.class)
                    .hasMessageContaining("nothing");
            assertThatThrownBy(
                            () -> text(databases.ask(server("s0"), "CREATE TABLE public.t AS SELECT 1", Tuple.tuple())))
                    .hasMessageContaining("read-only");
            assertThat(text(databases.ask(server("s0"), SQL, Tuple.of("")))).isNotEmpty();
        });
    }

    @Test
    void comesBackAfterItsSessionWasEnded() throws SQLException {
        assertThat(text(databases.ask(server("s0"), SQL, Tuple.of("")))).isNotEmpty();
        SHARD.postgres()
                .execute(
                        "postgres",
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'mosaic_router'");
        await().ignoreExceptions().until(() -> text(databases.ask(server("s0"), SQL, Tuple.of("x")))
                .startsWith("x"));
    }

    @Test
    void takesAChangedPassword() throws IOException {
        SHARD.password("wrong");
        assertThatThrownBy(() -> text(databases.ask(server("s0"), SQL, Tuple.of(""))))
                .hasMessageContaining("password");
        SHARD.password(ShardPostgres.PASSWORD);
        await().ignoreExceptions().until(() -> text(databases.ask(server("s0"), SQL, Tuple.of("x")))
                .startsWith("x"));
    }

    @Test
    void leavesAServerThatDoesNotAnswer() throws IOException {
        try (ServerSocket mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            ServerAddress server = ServerAddress.of(
                    Topologies.healthy(), "s0", new Server("orders-s0-0", "127.0.0.1", mute.getLocalPort()));
            List<Future<RowSet<Row>>> asked = new ArrayList<>();
            for (int i = 0; i < 600; i++) {
                asked.add(databases.ask(server, SQL, Tuple.of("")));
            }
            assertThat(asked)
                    .as("those that would wait too long are refused at once")
                    .filteredOn(Future::isComplete)
                    .hasSize(88)
                    .allSatisfy(answer -> assertThat(answer.cause()).hasMessageContaining("512 questions"));
            assertThatThrownBy(() -> text(asked.getFirst())).hasMessageContaining("did not answer within");
            await().until(() -> asked.stream().allMatch(Future::isComplete));
        }
    }

    @Test
    void forgetsServersThatAreGone() {
        assertThat(text(databases.ask(server("s0"), SQL, Tuple.of("")))).isNotEmpty();
        databases.keepOnly(Set.of());
        assertThat(text(databases.ask(server("s0"), SQL, Tuple.of("")))).isNotEmpty();
    }

    private static ServerAddress server(String shard) {
        return ServerAddress.of(Topologies.healthy(), shard, SHARD.postgres().server());
    }

    /** The first column of the only row. */
    private static String text(Future<RowSet<Row>> answer) {
        return answer.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(30, TimeUnit.SECONDS)
                .join()
                .iterator()
                .next()
                .getString(0);
    }
}
