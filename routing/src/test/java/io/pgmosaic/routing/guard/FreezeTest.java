package io.pgmosaic.routing.guard;

import io.pgmosaic.routing.guard.GuardChange.Freezing;
import io.pgmosaic.routing.key.Key;
import io.pgmosaic.routing.key.KeyColumn;
import io.pgmosaic.routing.key.KeySchema;
import io.pgmosaic.routing.key.KeyType;
import io.pgmosaic.routing.map.HashRanges;
import io.pgmosaic.routing.map.HashRing;
import io.pgmosaic.routing.map.Partitioning;
import io.pgmosaic.routing.map.ShardMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A shard of which keys move to another one, around the moment at which it stops taking them. */
class FreezeTest {
    private static final KeySchema KEY = KeySchema.of(new KeyColumn("id", KeyType.BIGINT));
    private static final GuardedTable ORDERS = new GuardedTable("public", "orders", KEY);
    private static final GuardedTable ITEMS = new GuardedTable("public", "items", KEY);
    private static final Partitioning ALL = HashRanges.even(List.of("s0"));

    private GuardedDatabase database;

    /** How the next map spreads the keys. */
    enum Next {
        BY_RANGES,
        BY_A_RING,
        WITHOUT_THE_SHARD;

        Partitioning partitioning() {
            return switch (this) {
                case BY_RANGES -> HashRanges.even(List.of("s0", "t0"));
                case BY_A_RING -> HashRing.of(List.of("s0", "t0"));
                case WITHOUT_THE_SHARD -> HashRanges.even(List.of("t0"));
            };
        }
    }

    @BeforeEach
    void createTables() throws SQLException {
        database = new GuardedDatabase();
        database.run("CREATE TABLE orders (id bigint); CREATE TABLE items (id bigint)");
    }

    @AfterEach
    void disconnect() throws SQLException {
        database.close();
    }

    private static Guard guard(long version, Partitioning partitioning) {
        ShardMap map = ShardMap.of(version, partitioning);
        return map.shards().contains("s0") ? Guard.of(map, "s0") : Guard.ofOutsider(map, "s0");
    }

    private static String install(long version, Partitioning partitioning, GuardedTable... tables) {
        return guard(version, partitioning).install(List.of(tables), GuardedDatabase.LOCK_TIMEOUT);
    }

    private static String freeze(long version, Partitioning present, Partitioning next, GuardedTable... tables) {
        return freeze(GuardedDatabase.LOCK_TIMEOUT, version, present, next, tables);
    }

    private static String freeze(
            long lockTimeout, long version, Partitioning present, Partitioning next, GuardedTable... tables) {
        return new GuardChange("s0", version, lockTimeout)
                .freeze(List.of(tables).stream()
                        .map(table -> new Freezing(table, guard(version, present), guard(version + 1, next)))
                        .toList());
    }

    private boolean takes(long id) throws SQLException {
        return database.accepts("INSERT INTO orders VALUES (?)", Key.bigint(id));
    }

    /** Whether the shard keeps the key when {@code next} follows. */
    private static boolean stays(long id, Partitioning next) {
        return ShardMap.of(2, next).ownerOf(id).equals("s0");
    }

    private static long moving(Partitioning next) {
        return LongStream.range(0, 1_000)
                .filter(id -> !stays(id, next))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @EnumSource
    void takesTheKeysThatStayAndNoOthers(Next next) throws SQLException {
        database.run(install(5, ALL, ORDERS));
        database.run("INSERT INTO orders SELECT generate_series(0, 99)");
        database.run(freeze(5, ALL, next.partitioning(), ORDERS));
        for (long id = 0; id < 100; id++) {
            boolean stays = stays(id, next.partitioning());
            assertThat(takes(id)).as("insert of %s", id).isEqualTo(stays);
            for (String change : List.of("UPDATE orders SET id = id WHERE id = ?", "DELETE FROM orders WHERE id = ?")) {
                assertThat(database.accepts(change, Key.bigint(id)))
                        .as("%s of %s", change, id)
                        .isEqualTo(stays);
            }
        }
    }

    @Test
    void refusesAKeyThatIsWrittenOverOneThatStays() throws SQLException {
        Partitioning next = Next.BY_RANGES.partitioning();
        long kept = LongStream.range(0, 1_000)
                .filter(id -> stays(id, next))
                .findFirst()
                .orElseThrow();
        database.run(install(5, ALL, ORDERS));
        database.run("INSERT INTO orders VALUES (" + kept + "), (" + moving(next) + ")");
        database.run(freeze(5, ALL, next, ORDERS));
        assertThat(database.refusal("UPDATE orders SET id = " + moving(next) + " WHERE id = " + kept)
                        .getSQLState())
                .isEqualTo("MO001");
        assertThat(database.refusal("UPDATE orders SET id = " + kept).getSQLState())
                .isEqualTo("MO001");
    }

    @Test
    void saysThatItPassesAndNamesNoVersion() throws SQLException {
        database.run(install(5, ALL, ORDERS));
        database.run(freeze(5, ALL, Next.BY_RANGES.partitioning(), ORDERS));
        PSQLException refusal = (PSQLException)
                database.refusal("INSERT INTO orders VALUES (" + moving(Next.BY_RANGES.partitioning()) + ")");
        ServerErrorMessage said = refusal.getServerErrorMessage();
        assertThat(said).isNotNull();
        assertThat(said.getMessage())
                .contains("moving", "shard s0", "in a moment", "\"public\".\"orders\"")
                .as("a client would take it for a refusal by the map that it has")
                .doesNotContain("map version");
        assertThat(said.getHint()).contains("Retry");
        assertThat(said.getTable()).isEqualTo("orders");
    }

    @Test
    void isThawedByANewerVersionAlone() throws SQLException {
        Partitioning next = Next.BY_RANGES.partitioning();
        long moving = moving(next);
        database.run(install(5, ALL, ORDERS, ITEMS));
        database.run(freeze(5, ALL, next, ORDERS, ITEMS));
        assertThat(database.one("SELECT frozen_version FROM mosaic.shard_map")).isEqualTo("5");

        database.run(install(5, ALL, ORDERS, ITEMS));
        assertThat(takes(moving)).as("installing the same version").isFalse();
        database.run(guard(5, ALL).remove(List.of(ORDERS), GuardedDatabase.LOCK_TIMEOUT));
        assertThat(takes(moving)).as("removal in the same version").isFalse();
        assertThat(database.refusal(install(4, ALL, ORDERS)).getSQLState()).isEqualTo(GuardSchema.OLDER_MAP);
        assertThat(database.refusal(freeze(4, ALL, next, ORDERS)).getSQLState()).isEqualTo(GuardSchema.OLDER_MAP);
        assertThat(takes(moving)).isFalse();

        database.run(install(6, ALL, ORDERS, ITEMS));
        assertThat(takes(moving)).as("given up").isTrue();
        assertThat(database.one("SELECT frozen_version FROM mosaic.shard_map")).isEqualTo("null");
        assertThat(database.rows("SELECT map_version, frozen, intact FROM (" + GuardSchema.INSTALLED + ") AS i"))
                .containsExactly("6,f,t");

        database.run(freeze(6, ALL, next, ORDERS, ITEMS));
        database.run(install(7, next, ORDERS, ITEMS));
        SQLException refusal = database.refusal("INSERT INTO orders VALUES (" + moving + ")");
        assertThat(refusal.getMessage()).as("cut over").contains("in map version 7");
    }

    @Test
    void isTheSameWhenItIsDoneAgainAndRefusesAnother() throws SQLException {
        Partitioning next = Next.BY_RANGES.partitioning();
        database.run(install(5, ALL, ORDERS));
        database.run(freeze(5, ALL, next, ORDERS));
        try (Connection writer = database.connect();
                Statement statement = writer.createStatement()) {
            writer.setAutoCommit(false);
            statement.execute("LOCK TABLE orders IN ROW EXCLUSIVE MODE");
            database.run(freeze(100, 5, ALL, next, ORDERS));
        }
        SQLException refusal = database.refusal(freeze(5, ALL, Next.BY_A_RING.partitioning(), ORDERS));
        assertThat(refusal.getSQLState()).isEqualTo(GuardSchema.OLDER_MAP);
        assertThat(refusal.getMessage()).contains("for another change");
        database.run("DROP TRIGGER mosaic_guard_insert ON orders");
        database.run(freeze(5, ALL, next, ORDERS));
        assertThat(takes(moving(next))).as("repaired").isFalse();
    }

    @Test
    void freezesATableThatHadTheGuardOfAnOlderVersion() throws SQLException {
        Partitioning next = Next.BY_RANGES.partitioning();
        database.run(install(1, Next.WITHOUT_THE_SHARD.partitioning(), ORDERS));
        database.run(freeze(2, ALL, next, ORDERS));
        assertThat(takes(moving(next))).isFalse();
        assertThat(database.one("SELECT version || ' ' || frozen_version FROM mosaic.shard_map"))
                .isEqualTo("2 2");
    }

    @Test
    void waitsForAWriterInFlightAndFreezesAllTablesOrNone() throws SQLException {
        Partitioning next = Next.BY_RANGES.partitioning();
        long moving = moving(next);
        database.run(install(5, ALL, ORDERS, ITEMS));
        try (Connection writer = database.connect();
                Statement statement = writer.createStatement()) {
            writer.setAutoCommit(false);
            statement.execute("INSERT INTO orders VALUES (" + moving + ")");
            assertThat(database.refusal(freeze(100, 5, ALL, next, ORDERS, ITEMS))
                            .getSQLState())
                    .isEqualTo("55P03");
            assertThat(database.one("SELECT frozen_version FROM mosaic.shard_map"))
                    .isEqualTo("null");
            assertThat(database.accepts("INSERT INTO items VALUES (?)", Key.bigint(moving)))
                    .isTrue();
            writer.commit();
        }
        database.run(freeze(100, 5, ALL, next, ORDERS, ITEMS));
        assertThat(takes(moving)).isFalse();
    }

    /** What the copy's end has to rely on: with the statement done, the moving rows are what they stay. */
    @Test
    void nothingThatMovesIsWrittenOnceItHasCommitted() throws Exception {
        Partitioning next = Next.BY_RANGES.partitioning();
        String movingRows = guard(6, next).countMisplaced(ORDERS);
        database.run(install(5, ALL, ORDERS));
        AtomicBoolean stop = new AtomicBoolean();
        AtomicLong acknowledged = new AtomicLong();
        List<Future<?>> writers = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (int i = 0; i < 4; i++) {
                int seed = i;
                writers.add(threads.submit(() -> {
                    write(new Random(seed), next, stop, acknowledged);
                    return null;
                }));
            }
            await().until(() -> acknowledged.get() > 200);
            database.run(freeze(5, ALL, next, ORDERS));
            String frozen = database.one(movingRows);
            assertThat(Long.parseLong(frozen)).isBetween(acknowledged.get() - 4, acknowledged.get() + 4);
            long settled = acknowledged.get();
            await().until(() -> Long.parseLong(database.one("SELECT count(*) FROM orders")) > settled + 200);
            assertThat(database.one(movingRows)).isEqualTo(frozen);
            stop.set(true);
            for (Future<?> writer : writers) {
                writer.get();
            }
            assertThat(acknowledged.get()).isEqualTo(Long.parseLong(frozen));
        } finally {
            stop.set(true);
        }
    }

    /** @param acknowledged counts the moving keys that were taken */
    private void write(Random random, Partitioning next, AtomicBoolean stop, AtomicLong acknowledged)
            throws SQLException {
        try (Connection connection = database.connect();
                PreparedStatement insert = connection.prepareStatement("INSERT INTO orders VALUES (?)")) {
            while (!stop.get()) {
                long id = random.nextLong();
                insert.setLong(1, id);
                try {
                    insert.executeUpdate();
                    if (!stays(id, next)) {
                        acknowledged.incrementAndGet();
                    }
                } catch (SQLException refusal) {
                    assertThat(refusal.getSQLState()).isEqualTo("MO001");
                    assertThat(stays(id, next))
                            .as("seed of the writer, key %s", id)
                            .isFalse();
                }
            }
        }
    }
}
