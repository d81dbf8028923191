package io.pgmosaic.operator.split.prune;

import io.pgmosaic.operator.split.points.SampledPlaces;
import io.pgmosaic.routing.guard.Guard;
import io.pgmosaic.routing.guard.GuardedTable;
import io.pgmosaic.routing.hash.PostgresHash;
import io.pgmosaic.routing.key.KeyColumn;
import io.pgmosaic.routing.key.KeySchema;
import io.pgmosaic.routing.key.KeyType;
import io.pgmosaic.routing.map.HashRanges;
import io.pgmosaic.routing.map.ShardMap;
import io.pgmosaic.testing.ThrowawayPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PruningTest {
    private static final int ROWS = 20_000;
    private static final Guard LOWER = Guard.of(ShardMap.of(1, HashRanges.even(List.of("s0", "s1"))), "s0");

    private static final Pruning.Permission ANYTHING = mover -> {};

    private static ThrowawayPostgres server;

    @BeforeAll
    static void begin() {
        server = ThrowawayPostgres.start(Map.of("fsync", "off"));
    }

    @AfterAll
    static void end() {
        server.close();
    }

    private static GuardedTable table(String name) {
        return new GuardedTable("public", name, KeySchema.of(new KeyColumn("id", KeyType.BIGINT)));
    }

    private static List<Long> expected() {
        return LongStream.range(0, ROWS)
                .filter(id -> PostgresHash.bigint(id, 0) < 0)
                .boxed()
                .toList();
    }

    private static List<Long> ids(Statement statement, String table) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT id FROM " + table + " ORDER BY id")) {
            List<Long> ids = new ArrayList<>();
            while (row.next()) {
                ids.add(row.getLong(1));
            }
            return ids;
        }
    }

    private static void fill(Statement statement, String table) throws SQLException {
        statement.execute("INSERT INTO " + table + " SELECT i, repeat('x', 100) FROM generate_series(0, " + (ROWS - 1)
                + ") AS i");
    }

    @Test
    void whatIsNotOwnedGoesAndTheRestStays() throws SQLException, InterruptedException {
        try (Connection session = server.connect(server.createDatabase());
                Statement statement = session.createStatement()) {
            statement.execute("CREATE TABLE plain (id bigint PRIMARY KEY, note text)");
            fill(statement, "plain");
            AtomicInteger steps = new AtomicInteger();
            assertThat(new Pruning(session, ANYTHING, (rows, done, blocks) -> steps.incrementAndGet() > 0)
                            .prune(table("plain"), LOWER))
                    .isTrue();
            assertThat(ids(statement, "plain")).isEqualTo(expected());
            assertThat(steps).as("transactions").hasValueGreaterThan(1);
        }
    }

    @Test
    void itCanBeLeftAndBegunAgain() throws SQLException, InterruptedException {
        try (Connection session = server.connect(server.createDatabase());
                Statement statement = session.createStatement()) {
            statement.execute("CREATE TABLE plain (id bigint PRIMARY KEY, note text)");
            fill(statement, "plain");
            assertThat(new Pruning(session, ANYTHING, (rows, done, blocks) -> false).prune(table("plain"), LOWER))
                    .isFalse();
            assertThat(ids(statement, "plain"))
                    .hasSizeGreaterThan(expected().size())
                    .hasSizeLessThan(ROWS)
                    .containsAll(expected());
            assertThat(new Pruning(session, ANYTHING, (rows, done, blocks) -> true).prune(table("plain"), LOWER))
                    .isTrue();
            assertThat(ids(statement, "plain")).isEqualTo(expected());
        }
    }

    @Test
    void nothingGoesInATransactionThatIsNotPermitted() throws SQLException, InterruptedException {
        try (Connection session = server.connect(server.createDatabase());
                Statement statement = session.createStatement()) {
            statement.execute("CREATE TABLE plain (id bigint PRIMARY KEY, note text)");
            fill(statement, "plain");
            AtomicInteger asked = new AtomicInteger();
            Pruning.Permission once = mover -> {
                if (asked.incrementAndGet() > 1) {
                    throw new SQLException("the shard has another map by now", "MO006");
                }
            };
            Pruning pruning = new Pruning(session, once, (rows, done, blocks) -> true);
            assertThatThrownBy(() -> pruning.prune(table("plain"), LOWER)).hasMessageContaining("another map");
            assertThat(ids(statement, "plain"))
                    .hasSizeGreaterThan(expected().size())
                    .hasSizeLessThan(ROWS)
                    .containsAll(expected());
        }
    }

    @Test
    void partitionsArePrunedToo() throws SQLException, InterruptedException {
        try (Connection session = server.connect(server.createDatabase());
                Statement statement = session.createStatement()) {
            statement.execute("CREATE TABLE parted (id bigint PRIMARY KEY, note text) PARTITION BY RANGE (id)");
            statement.execute("CREATE TABLE \"Odd name\" PARTITION OF parted FOR VALUES FROM (0) TO (10000)");
            statement.execute("CREATE TABLE rest PARTITION OF parted DEFAULT PARTITION BY HASH (id)");
            statement.execute("CREATE TABLE rest0 PARTITION OF rest FOR VALUES WITH (MODULUS 1, REMAINDER 0)");
            fill(statement, "parted");
            assertThat(new Pruning(session, ANYTHING, (rows, done, blocks) -> true).prune(table("parted"), LOWER))
                    .isTrue();
            assertThat(ids(statement, "parted")).isEqualTo(expected());
        }
    }

    @Test
    void someOfTheRowsAreASample() throws SQLException {
        try (Connection session = server.connect(server.createDatabase());
                Statement statement = session.createStatement()) {
            statement.execute("CREATE TABLE plain (id bigint PRIMARY KEY, note text)");
            fill(statement, "plain");
            SampledPlaces places = new SampledPlaces(session);
            assertThat(places.hashes(table("plain"))).hasSize(ROWS).contains(Long.toString(PostgresHash.bigint(17, 0)));
            assertThat(places.values(table("plain"))).contains("17");
        }
    }
}
