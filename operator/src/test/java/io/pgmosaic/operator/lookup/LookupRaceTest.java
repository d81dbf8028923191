package io.pgmosaic.operator.lookup;

import io.pgmosaic.routing.guard.LookupSchema;
import org.junit.jupiter.api.Test;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import static org.assertj.core.api.Assertions.assertThat;

/** Applications that want the same values, rows that come and go, and two operators that end reservations at once. */
class LookupRaceTest {
    private static final long SEED = Long.getLong("pgmosaic.test.seed", System.nanoTime());
    private static final int ROUNDS = 4;
    private static final long ROUND_NANOS = TimeUnit.MILLISECONDS.toNanos(800);
    private static final List<String> VALUES =
            List.of(TwoShards.value("s0", 0), TwoShards.value("s0", 1), TwoShards.value("s1", 0));

    /** What may happen to whoever is not alone. */
    private static final Set<String> EXPECTED = Set.of(LookupSchema.NOT_RESERVED, "23505", "40001", "40P01", "55P03");

    private final AtomicInteger written = new AtomicInteger();
    private final AtomicInteger removed = new AtomicInteger();

    @Test
    void everyRowIsFoundByItsValueAndNoValueIsOnTwo() throws Exception {
        TwoShards shards = new TwoShards(TwoShards.ENTRIES);
        SplittableRandom random = new SplittableRandom(SEED);
        for (int round = 0; round < ROUNDS; round++) {
            try (ExecutorService threads = Executors.newCachedThreadPool()) {
                List<Future<?>> work = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    SplittableRandom own = random.split();
                    work.add(threads.submit(() -> until(() -> write(shards, own))));
                }
                for (int i = 0; i < 2; i++) {
                    SplittableRandom own = random.split();
                    Reservations operator = shards.reservations();
                    work.add(threads.submit(() -> until(() -> upkeep(operator, own))));
                }
                for (Future<?> one : work) {
                    one.get(60, TimeUnit.SECONDS);
                }
            }
            check(shards);
        }
        assertThat(written).as("seed " + SEED).hasPositiveValue();
        assertThat(removed).as("seed " + SEED).hasPositiveValue();
    }

    private interface Step {
        void run() throws SQLException;
    }

    private static Void until(Step step) throws SQLException {
        long end = System.nanoTime() + ROUND_NANOS;
        while (System.nanoTime() < end) {
            try {
                step.run();
            } catch (SQLException e) {
                if (!EXPECTED.contains(e.getSQLState())) {
                    throw e;
                }
            }
        }
        return null;
    }

    private void write(TwoShards shards, SplittableRandom random) throws SQLException {
        String shard = "s" + random.nextInt(2);
        long key = shards.key(shard, random.nextInt(2));
        if (random.nextInt(3) == 0) {
            shards.execute(shard, "DELETE FROM users WHERE id = " + key);
            return;
        }
        String value = VALUES.get(random.nextInt(VALUES.size()));
        if (shards.reserve(value, Long.toString(key), shard)) {
            shards.insert(shard, key, value, shards.ticket(value, key, shard));
            written.incrementAndGet();
        }
    }

    private void upkeep(Reservations operator, SplittableRandom random) throws SQLException {
        String shard = "s" + random.nextInt(2);
        removed.addAndGet(
                random.nextBoolean()
                        ? operator.release(shard)
                        : operator.settle(shard, Duration.ofMillis(20)).removed());
    }

    private static void check(TwoShards shards) throws SQLException {
        Map<String, String> keys = new HashMap<>();
        for (String shard : List.of("s0", "s1")) {
            try (Connection connection = shards.connect(shard);
                    Statement statement = connection.createStatement();
                    ResultSet row =
                            statement.executeQuery("SELECT email, id::text FROM users WHERE email IS NOT NULL")) {
                while (row.next()) {
                    assertThat(keys.put(row.getString(1), row.getString(2)))
                            .as("another row with " + row.getString(1) + ", seed " + SEED)
                            .isNull();
                }
            }
        }
        for (Map.Entry<String, String> row : keys.entrySet()) {
            assertThat(shards.find(row.getKey()))
                    .as("what finds " + row.getKey() + ", seed " + SEED)
                    .isEqualTo(row.getValue());
        }
    }
}
