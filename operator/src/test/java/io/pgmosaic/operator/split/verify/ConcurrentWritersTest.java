package io.pgmosaic.operator.split.verify;

import io.pgmosaic.operator.split.MovingTable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Writers change the rows all the time while they are compared: what is equal is never called different, and never "repaired", and what
 * was damaged is repaired to exactly what the writers left.
 */
class ConcurrentWritersTest {
    private static final int WRITERS = 3;
    private static final int KEYS = 40;
    private static final MovingTable ROWS = new MovingTable("public", "items", "t.id % 4 <> 3", "id % 4 <> 3", false);
    private static final MovingTable WIDE = MovingTable.reference("public", "wide");
    private static final String SCHEMA = """
            CREATE TABLE items (id bigint PRIMARY KEY, version bigint NOT NULL, note text);
            CREATE TABLE wide (id bigint PRIMARY KEY, body text);
            """;
    private static final String CONTENT =
            "SELECT items::text FROM items WHERE id %% 4 <> 3 AND %s UNION ALL SELECT wide::text FROM wide ORDER BY 1";

    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicInteger written = new AtomicInteger();

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void onlyDamageIsDifferent(long seed) throws Exception {
        try (StreamedPair pair = new StreamedPair(SCHEMA, ROWS, WIDE);
                ExecutorService threads =
                        Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
            pair.sender.execute(
                    "INSERT INTO items SELECT i, 0, 'first' FROM generate_series(1, " + KEYS + ") AS i",
                    // Whatever comes between two markers may not be made of what is left alone.
                    "INSERT INTO items SELECT i, 0, 'idle' FROM generate_series(10000, 60000) AS i",
                    "INSERT INTO wide SELECT i, repeat(md5(i::text), 200) FROM generate_series(1, 40) AS i");
            pair.awaitStream();
            List<Future<?>> writers = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                Random random = new Random(seed * 100 + i);
                writers.add(threads.submit(() -> {
                    write(pair, random);
                    return null;
                }));
            }
            Random random = new Random(seed);
            long repaired = 0;
            try {
                for (int round = 0; round < 4; round++) {
                    pair.forget();
                    assertThat(pair.verify(round % 2 == 0, new TestWatch()))
                            .as("nothing was damaged, seed %d, round %d", seed, round)
                            .isInstanceOfSatisfying(Verdict.Verified.class, verified -> assertThat(verified.repaired())
                                    .isZero());
                    damage(pair, random);
                    pair.forget();
                    Verdict verdict = pair.verify(true, new TestWatch());
                    assertThat(verdict).as("seed %d, round %d", seed, round).isInstanceOf(Verdict.Verified.class);
                    repaired += ((Verdict.Verified) verdict).repaired();
                }
            } finally {
                over.set(true);
            }
            for (Future<?> writer : writers) {
                writer.get(60, TimeUnit.SECONDS);
            }
            pair.awaitStream();
            assertThat(pair.receiver.list(CONTENT.formatted("true")))
                    .as("seed %d", seed)
                    .isEqualTo(pair.sender.list(CONTENT.formatted("true")));
            System.out.printf("seed %d: %d transactions, %d rows repaired%n", seed, written.get(), repaired);
            assertThat(written).hasValueGreaterThan(100);
            assertThat(repaired).isPositive();
        }
    }

    private void write(StreamedPair pair, Random random) throws SQLException {
        try (Connection connection = pair.sender.superuser();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            while (!over.get()) {
                int key = random.nextInt(KEYS) + 1;
                int other = random.nextInt(KEYS) + 1;
                try {
                    switch (random.nextInt(6)) {
                        case 0 ->
                            statement.execute("INSERT INTO items VALUES (" + key
                                    + ", 1, 'again') ON CONFLICT (id) DO UPDATE SET version = items.version + 1");
                        case 1 -> statement.execute("DELETE FROM items WHERE id = " + key);
                        // Also from the rows that move to those that do not, and back.
                        case 2 ->
                            statement.execute("UPDATE items SET id = " + other + " WHERE id = " + key
                                    + " AND NOT EXISTS (SELECT FROM items WHERE id = " + other + ")");
                        case 3 ->
                            statement.execute("UPDATE items SET version = version + 1, note = note || 'x' WHERE id"
                                    + " BETWEEN " + key + " AND " + (key + 9) + " AND length(note) < 50");
                        case 4 -> {
                            statement.execute("DELETE FROM items WHERE id = " + key);
                            statement.execute("INSERT INTO items VALUES (" + key + ", 0, 'other')");
                        }
                        default ->
                            statement.execute("UPDATE wide SET body = overlay(body PLACING md5(random()::text) FROM "
                                    + key + " FOR 32) WHERE id = " + key);
                    }
                    connection.commit();
                    written.incrementAndGet();
                } catch (SQLException e) {
                    connection.rollback();
                    // Somebody was there first, or both waited for each other.
                    if (!List.of("23505", "40P01").contains(e.getSQLState())) {
                        throw e;
                    }
                }
            }
        }
    }

    /** Some of it is gone before it is looked at: written again, or deleted. */
    private static void damage(StreamedPair pair, Random random) throws SQLException {
        for (int i = 0; i < 3; i++) {
            int hot = random.nextInt(KEYS) + 1;
            int idle = 10_000 + random.nextInt(50_000);
            pair.receiver.damage(
                    "UPDATE items SET note = 'wrong' WHERE id = " + hot,
                    "UPDATE items SET version = -1 WHERE id = " + idle,
                    "DELETE FROM items WHERE id = " + (idle + 1),
                    "INSERT INTO items VALUES (" + (-4 * (long) random.nextInt(1_000) - 4)
                            + ", 0, 'extra') ON CONFLICT DO NOTHING",
                    "DELETE FROM items WHERE id = " + (random.nextInt(KEYS) + 1));
        }
    }
}
