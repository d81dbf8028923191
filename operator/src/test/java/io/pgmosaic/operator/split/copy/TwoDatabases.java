package io.pgmosaic.operator.split.copy;

import io.pgmosaic.operator.split.MovingTable;
import io.pgmosaic.operator.split.ShardDatabase;
import io.pgmosaic.operator.split.SplitNames;
import io.pgmosaic.operator.split.SplitServer;
import io.pgmosaic.operator.split.schema.SplitBookkeeping;
import io.pgmosaic.operator.split.stream.Leftovers;
import io.pgmosaic.operator.split.stream.SplitStream;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Source and target of a split whose even keys move. */
final class TwoDatabases implements AutoCloseable {
    static final long VERSION = 7;
    static final SplitNames NAMES = new SplitNames("7f3a2b1c-0000-4000-8000-1234567890ab", 0);

    final SplitServer source;
    final SplitServer target;

    TwoDatabases() throws IOException, GeneralSecurityException, SQLException {
        List<SplitServer> both = SplitServer.two();
        source = both.get(0);
        target = both.get(1);
        SplitBookkeeping.ensure(from());
        SplitBookkeeping.ensure(to());
    }

    ShardDatabase from() {
        return source.database();
    }

    ShardDatabase to() {
        return target.database();
    }

    /** The rows of even keys of a table whose key is {@code id}. */
    static MovingTable even(String schema, String name) {
        String quoted = "\"" + name.replace("\"", "\"\"") + "\"";
        return new MovingTable(schema, name, "t.id % 2 = 0", quoted + ".id % 2 = 0", false);
    }

    /** The same table at both, made by the owner. */
    void make(String sql) throws SQLException {
        source.asOwner(sql);
        target.asOwner(sql);
    }

    CopyOrder order(MovingTable... tables) {
        return new CopyOrder(NAMES, "halve-s0", NAMES.forward(), from(), to(), VERSION, List.of(tables), true);
    }

    SplitStream forward(MovingTable... tables) {
        return new SplitStream(NAMES.forward(), from(), to(), List.of(tables), List.of());
    }

    CopyResult copy(MovingTable... tables) throws SQLException, InterruptedException {
        SplitStream stream = forward(tables);
        stream.drop();
        stream.publish();
        return new LogicalCopy(order(tables), CopyLimits.NONE, (table, rows, bytes, isDone) -> {}).run();
    }

    /** What moves of a table, as one text. */
    static String content(SplitServer server, String table) throws SQLException {
        return server.value("SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, E'\\n' ORDER BY t::text)), '')"
                + " FROM " + table + " AS t WHERE t.id % 2 = 0");
    }

    void awaitSame(String... tables) {
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(100))
                .untilAsserted(() -> {
                    for (String table : tables) {
                        assertThat(content(target, table)).as(table).isEqualTo(content(source, table));
                    }
                });
    }

    /** Ends what tests before left. */
    void clean() throws SQLException {
        for (SplitServer server : List.of(target, source)) {
            Leftovers.drop(server.database(), NAMES);
            assertThat(Leftovers.find(server.database())).isEmpty();
            server.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public AUTHORIZATION owner;"
                    + " DELETE FROM mosaic.copied_schema; DELETE FROM mosaic.init_sql;"
                    + " DELETE FROM mosaic.schema_migrations; DELETE FROM mosaic.backfills");
        }
    }

    @Override
    public void close() {
        target.close();
        source.close();
    }
}
