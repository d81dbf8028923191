package io.pgmosaic.operator.directory;

import io.pgmosaic.routing.guard.GuardSchema;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Writers of every isolation level race two operators that give keys away and take them back, and that are killed, or lose their
 * sessions and go on all the same. At no time may a shard have rows of a key that another one has.
 */
class DirectoryRaceTest {
    private static final int TENANTS = 3;
    private static final int WRITERS = 8;
    private static final int ROUNDS = 12;
    private static final int CHANGES = 4;
    private static final Duration PATIENCE = Duration.ofMillis(300);
    /** What one shard says that the other has, and what that one says; once everything is settled, nothing else is there. */
    private static final String HOMES =
            "SELECT key || state::text FROM mosaic.directory WHERE state IN ('p', 'a', 'r') ORDER BY key";

    private static final String THERE =
            "SELECT key || translate(state::text, 'm', 'a') FROM mosaic.directory WHERE state IN ('m', 'l') ORDER BY key";
    private static final String PAIRS = "entries of both shards, seed %d, round %d";
    private static final Set<String> EXPECTED = Set.of(GuardSchema.NOT_OWNED, "40001", "40P01");
    private static final int[] LEVELS = {
        Connection.TRANSACTION_READ_COMMITTED,
        Connection.TRANSACTION_REPEATABLE_READ,
        Connection.TRANSACTION_SERIALIZABLE
    };

    /** An operator that ends in the middle of what it does. */
    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicInteger written = new AtomicInteger();
    private final AtomicInteger moved = new AtomicInteger();
    private final AtomicInteger left = new AtomicInteger();
    private final AtomicInteger finished = new AtomicInteger();
    private final ThreadLocal<List<Connection>> held = ThreadLocal.withInitial(ArrayList::new);

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void noKeyIsOfTwoShards(long seed) throws Exception {
        TwoShards shards = new TwoShards();
        shards.whenOpened(connection -> held.get().add(connection));
        try (ExecutorService threads =
                Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
            List<Future<?>> writers = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                Random random = new Random(seed * 1_000 + i);
                writers.add(threads.submit(() -> {
                    write(shards, random);
                    return null;
                }));
            }
            try {
                for (int round = 0; round < ROUNDS; round++) {
                    List<Future<?>> operators = new ArrayList<>();
                    for (int i = 0; i < 2; i++) {
                        Random random = new Random(seed * 10_000 + round * 2L + i);
                        operators.add(threads.submit(() -> {
                            for (int change = 0; change < CHANGES; change++) {
                                change(shards, random);
                            }
                            return null;
                        }));
                    }
                    for (Future<?> operator : operators) {
                        operator.get(60, TimeUnit.SECONDS);
                    }
                    settle(shards);
                    assertThat(List.of(shards.misplaced("s0"), shards.misplaced("s1")))
                            .as("rows where they do not belong, seed %d, round %d", seed, round)
                            .containsExactly(0L, 0L);
                    assertThat(shards.list("s0", HOMES)).as(PAIRS, seed, round).isEqualTo(shards.list("s1", THERE));
                    assertThat(shards.list("s1", HOMES)).as(PAIRS, seed, round).isEqualTo(shards.list("s0", THERE));
                }
            } finally {
                over.set(true);
            }
            for (Future<?> writer : writers) {
                writer.get(60, TimeUnit.SECONDS);
            }
        }
        assertThat(List.of(shards.misplaced("s0"), shards.misplaced("s1"))).containsExactly(0L, 0L);
        System.out.printf(
                "seed %d: %d transactions, %d keys moved, %d changes cut off, %d ended for another%n",
                seed, written.get(), moved.get(), left.get(), finished.get());
        assertThat(written).hasPositiveValue();
        assertThat(moved).hasPositiveValue();
        assertThat(finished).as("operators were killed").hasPositiveValue();
    }

    private void write(TwoShards shards, Random random) throws SQLException, InterruptedException {
        while (!over.get()) {
            String shard = random.nextBoolean() ? "s0" : "s1";
            try (Connection connection = shards.connect(shard);
                    Statement statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                for (int i = 0; i < 20 && !over.get(); i++) {
                    transaction(connection, statement, random);
                }
            }
        }
    }

    private void transaction(Connection connection, Statement statement, Random random)
            throws SQLException, InterruptedException {
        try {
            int level = LEVELS[random.nextInt(LEVELS.length)];
            connection.setTransactionIsolation(level);
            long tenant = random.nextInt(TENANTS);
            // A snapshot without a number, long before anything is written.
            statement.execute("SELECT count(*) FROM things");
            for (int i = level == Connection.TRANSACTION_READ_COMMITTED ? 1 : 5; i > 0; i--) {
                pause(random);
            }
            int what = random.nextInt(10);
            if (what < 5) {
                statement.execute("INSERT INTO things (tenant) VALUES (" + tenant + ")");
                pause(random);
            }
            if (what >= 4) {
                statement.execute("DELETE FROM things WHERE tenant = " + tenant);
            }
            pause(random);
            connection.commit();
            written.incrementAndGet();
        } catch (SQLException e) {
            assertThat(EXPECTED).as(e.getMessage()).contains(e.getSQLState());
            connection.rollback();
        }
    }

    private static void pause(Random random) throws InterruptedException {
        TimeUnit.MICROSECONDS.sleep(random.nextInt(10_000));
    }

    private void change(TwoShards shards, Random random) throws SQLException {
        Tenant tenant = TwoShards.tenant(random.nextInt(TENANTS));
        held.get().clear();
        String lost = random.nextInt(4) == 0 ? step(random) : "";
        String killed = random.nextInt(4) == 0 ? step(random) : "";
        HomeEntries.Between between = after -> {
            if (after.equals(killed)) {
                throw new Killed();
            }
            if (after.equals(lost)) {
                loseHome();
            }
        };
        HomeEntries entries = new HomeEntries(shards, TwoShards.TABLES, tenant.home(), PATIENCE, between);
        try {
            var outcomes = random.nextBoolean()
                    ? entries.give(List.of(tenant), TwoShards.other(tenant.home()))
                    : entries.takeBack(List.of(tenant));
            outcomes.values().stream()
                    .filter(outcome -> outcome.state() == Outcome.State.DONE)
                    .forEach(outcome -> moved.incrementAndGet());
        } catch (Killed | SQLException gone) {
            // Its sessions end with it, and what it began is left.
            left.incrementAndGet();
        }
    }

    private static String step(Random random) {
        return List.of("giving", "returning", "waited", "looked", "taken", "left", "removed")
                .get(random.nextInt(7));
    }

    /** The session with the lock is gone; the one to the other shard goes on, after others had time to step in. */
    private void loseHome() throws SQLException {
        held.get().getFirst().abort(Runnable::run);
        try {
            TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextInt(40));
        } catch (InterruptedException e) {
            throw new SQLException(e);
        }
    }

    /** Ends what was left, as the operators' upkeep does. */
    private void settle(TwoShards shards) throws SQLException {
        LeftChanges changes = new LeftChanges(shards, Map.of("", TwoShards.TABLES), PATIENCE);
        for (String shard : List.of("s0", "s1")) {
            finished.addAndGet(changes.finish(shard));
        }
    }
}
