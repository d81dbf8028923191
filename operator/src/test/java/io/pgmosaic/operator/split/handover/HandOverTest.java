package io.pgmosaic.operator.split.handover;

import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import io.pgmosaic.operator.split.MovingTable;
import io.pgmosaic.operator.split.record.OvertakenException;
import io.pgmosaic.operator.split.verify.StreamedPair;
import io.pgmosaic.routing.guard.Guard;
import io.pgmosaic.routing.guard.GuardChange;
import io.pgmosaic.routing.guard.GuardedTable;
import io.pgmosaic.routing.hash.PostgresHash;
import io.pgmosaic.routing.key.KeyColumn;
import io.pgmosaic.routing.key.KeySchema;
import io.pgmosaic.routing.key.KeyType;
import io.pgmosaic.routing.map.HashRange;
import io.pgmosaic.routing.map.HashRanges;
import io.pgmosaic.routing.map.ShardMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** On two servers, with the stream between them. */
class HandOverTest {
    private static final int KEYS = 200;
    private static final GuardedTable ORDERS =
            new GuardedTable("public", "orders", KeySchema.of(new KeyColumn("id", KeyType.BIGINT)));
    private static final HandOver.Limits LIMITS = new HandOver.Limits(Duration.ofSeconds(10), Duration.ofMillis(300));

    private StreamedPair pair;

    /** Who owns what, as a cluster's status records it: versions that differ by a hand-over or a thaw. */
    private static final class RecordedMap implements HandOver.MapRecord {
        final AtomicLong version = new AtomicLong(1);
        volatile boolean switched;

        @Override
        public synchronized ShardedCluster handOver(long from) throws OvertakenException {
            next(from);
            switched = true;
            return new ShardedCluster();
        }

        @Override
        public synchronized ShardedCluster thaw(long from) throws OvertakenException {
            next(from);
            return new ShardedCluster();
        }

        private void next(long from) throws OvertakenException {
            if (!version.compareAndSet(from, from + 1)) {
                throw new OvertakenException("the map is of another version");
            }
        }
    }

    private static ShardMap before(long version) {
        return ShardMap.of(version, new HashRanges(List.of("s0"), List.of(new HashRange(Long.MIN_VALUE, "s0"))));
    }

    private static ShardMap after(long version) {
        return ShardMap.of(
                version,
                new HashRanges(
                        List.of("s0", "s2"), List.of(new HashRange(Long.MIN_VALUE, "s0"), new HashRange(0, "s2"))));
    }

    private static boolean moves(long key) {
        return PostgresHash.bigint(key, 0) >= 0;
    }

    @BeforeEach
    void begin() throws SQLException {
        pair = new StreamedPair(
                "CREATE TABLE orders (id bigint PRIMARY KEY, n bigint NOT NULL)",
                MovingTable.sharded(ORDERS, Guard.of(before(1), "s0"), Guard.of(after(2), "s2")));
        pair.sender.execute(
                new GuardChange("s0", 1, 1_000)
                        .install(List.of(new GuardChange.Guarded(ORDERS, Guard.of(before(1), "s0")))),
                "INSERT INTO orders SELECT i, 0 FROM generate_series(0, " + (KEYS - 1) + ") AS i");
        pair.receiver.execute(new GuardChange("s2", 1, 1_000)
                .install(List.of(new GuardChange.Guarded(ORDERS, Guard.ofOutsider(before(1), "s2")))));
        pair.receiver.execute("SELECT pg_create_logical_replication_slot('" + pair.names.reverse() + "', 'pgoutput')");
        pair.awaitStream();
    }

    @AfterEach
    void end() throws SQLException {
        pair.receiver.execute("SELECT pg_drop_replication_slot('" + pair.names.reverse() + "')");
        pair.close();
    }

    private Outcome handOver(RecordedMap map, HandOver.Limits limits) throws SQLException {
        long version = map.version.get();
        try (Connection sender = pair.sender.superuser();
                Connection receiver = pair.receiver.superuser()) {
            Party party = new Party(
                    pair.names,
                    new Party.Side(
                            "s0",
                            sender,
                            List.of(new GuardChange.Freezing(
                                    ORDERS, Guard.of(before(version), "s0"), Guard.of(after(version + 1), "s0"))),
                            List.of(new GuardChange.Guarded(ORDERS, Guard.of(after(version + 1), "s0")))),
                    new Party.Side(
                            "s2",
                            receiver,
                            List.of(),
                            List.of(new GuardChange.Guarded(ORDERS, Guard.of(after(version + 1), "s2")))),
                    pair.names.reverse());
            return new HandOver(List.of(party), version, limits, map, (from, to) -> {}).attempt();
        }
    }

    /** Count each key up, at whichever shard takes it. */
    private final class Counters implements AutoCloseable {
        final AtomicLongArray acknowledged = new AtomicLongArray(KEYS);
        final AtomicBoolean ended = new AtomicBoolean();
        final AtomicLong most = new AtomicLong();
        private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        private final List<Future<?>> writers = new ArrayList<>();

        Counters(int count) {
            for (int i = 0; i < count; i++) {
                int seed = i;
                writers.add(threads.submit((Callable<Void>) () -> {
                    write(new SplittableRandom(seed));
                    return null;
                }));
            }
        }

        private void write(SplittableRandom random) throws SQLException {
            try (Connection first = pair.sender.superuser();
                    Connection second = pair.receiver.superuser();
                    Statement here = first.createStatement();
                    Statement there = second.createStatement()) {
                boolean isThere = false;
                while (!ended.get()) {
                    int key = random.nextInt(KEYS);
                    long began = System.nanoTime();
                    while (!add(isThere && moves(key) ? there : here, key)) {
                        isThere = !isThere;
                        LockSupport.parkNanos(1_000_000);
                    }
                    acknowledged.incrementAndGet(key);
                    most.accumulateAndGet(System.nanoTime() - began, Math::max);
                }
            }
        }

        private static boolean add(Statement statement, int key) throws SQLException {
            try {
                return statement.executeUpdate("UPDATE orders SET n = n + 1 WHERE id = " + key) == 1;
            } catch (SQLException e) {
                if ("MO001".equals(e.getSQLState())) {
                    return false;
                }
                throw e;
            }
        }

        long sum() {
            long sum = 0;
            for (int key = 0; key < KEYS; key++) {
                sum += acknowledged.get(key);
            }
            return sum;
        }

        void awaitMore(long more) {
            long before = sum();
            await().atMost(Duration.ofSeconds(30)).until(() -> sum() >= before + more);
        }

        void end() throws Exception {
            ended.set(true);
            for (Future<?> writer : writers) {
                writer.get();
            }
        }

        @Override
        public void close() {
            ended.set(true);
            threads.close();
        }
    }

    private long count(StreamedPair.Node node, int key) throws SQLException {
        return Long.parseLong(node.one("SELECT n FROM orders WHERE id = " + key));
    }

    private void checkCounts(Counters counters, boolean switched) throws SQLException {
        for (int key = 0; key < KEYS; key++) {
            assertThat(count(switched && moves(key) ? pair.receiver : pair.sender, key))
                    .as("key %s, which %s", key, moves(key) ? "moves" : "stays")
                    .isEqualTo(counters.acknowledged.get(key));
        }
    }

    @Test
    void everyAcknowledgedWriteIsWithWhoeverHasTheKey() throws Exception {
        RecordedMap map = new RecordedMap();
        try (Counters counters = new Counters(4)) {
            counters.awaitMore(500);
            assertThat(handOver(map, LIMITS)).isInstanceOf(Outcome.Done.class);
            counters.awaitMore(500);
            counters.end();
            checkCounts(counters, true);
        }
    }

    @Test
    void aStreamThatStandsStillGivesTheKeysBackToTheirOwner() throws Exception {
        RecordedMap map = new RecordedMap();
        pair.receiver.execute("ALTER SUBSCRIPTION " + pair.names.forward() + " DISABLE");
        try (Counters counters = new Counters(2)) {
            counters.awaitMore(100);
            Outcome outcome = handOver(map, new HandOver.Limits(Duration.ofMillis(300), Duration.ofMillis(100)));
            assertThat(outcome).isInstanceOfSatisfying(Outcome.GivenUp.class, givenUp -> assertThat(givenUp.why())
                    .contains("shard s2 did not have the last changes of shard s0 within 300 ms"));
            counters.awaitMore(500);
            counters.end();
            checkCounts(counters, false);
        } finally {
            pair.receiver.execute("ALTER SUBSCRIPTION " + pair.names.forward() + " ENABLE");
        }
        assertThat(map.version).hasValue(2);
        assertThat(map.switched).isFalse();
        pair.awaitStream();
        assertThat(handOver(map, LIMITS)).isInstanceOf(Outcome.Done.class);
    }

    @Test
    void aLongTransactionDelaysTheCutOverAndNotTheApplication() throws Exception {
        RecordedMap map = new RecordedMap();
        try (Connection session = pair.sender.superuser();
                Statement statement = session.createStatement();
                Counters counters = new Counters(2)) {
            session.setAutoCommit(false);
            statement.execute("INSERT INTO orders VALUES (" + KEYS + ", 0)");
            Outcome outcome = handOver(map, new HandOver.Limits(Duration.ofSeconds(1), Duration.ofMillis(50)));
            assertThat(outcome).isInstanceOfSatisfying(Outcome.NotNow.class, notNow -> assertThat(notNow.why())
                    .contains("hold its tables for more than 50 ms")
                    .contains("the longest is of process"));
            counters.awaitMore(50);
            session.commit();
            counters.end();
        }
        assertThat(map.version).hasValue(1);
    }

    /** Both believe to lead. */
    @Test
    void ofTwoAtOnceOneAtMostHandsOver() throws Exception {
        RecordedMap map = new RecordedMap();
        try (Counters counters = new Counters(2);
                ExecutorService operators = Executors.newVirtualThreadPerTaskExecutor()) {
            counters.awaitMore(100);
            Future<Boolean> one = operators.submit(() -> isDone(map));
            Future<Boolean> other = operators.submit(() -> isDone(map));
            assertThat(one.get() && other.get()).as("both handed over").isFalse();
            thawAsALaterPassDoes(map);
            counters.awaitMore(200);
            counters.end();
            checkCounts(counters, map.switched);
        }
    }

    /** One that is in the other's way ends with an error, as a lost session does. */
    private boolean isDone(RecordedMap map) {
        try {
            return handOver(map, LIMITS) instanceof Outcome.Done;
        } catch (SQLException inTheOthersWay) {
            assertThat(inTheOthersWay.getMessage()).contains("is active for PID");
            return false;
        }
    }

    private void thawAsALaterPassDoes(RecordedMap map) throws Exception {
        long version = map.version.get();
        if (!map.switched
                && pair.sender
                        .one("SELECT frozen_version FROM mosaic.shard_map")
                        .equals(Long.toString(version))) {
            map.thaw(version);
            pair.sender.execute(new GuardChange("s0", version + 1, 1_000)
                    .install(List.of(new GuardChange.Guarded(ORDERS, Guard.of(before(version + 1), "s0")))));
        }
    }

    @Test
    void aReceiverThatIsBeingCopiedOverIsNotOpened() throws Exception {
        RecordedMap map = new RecordedMap();
        pair.receiver.execute("UPDATE mosaic.moving SET copied_at = NULL");
        assertThat(handOver(map, LIMITS))
                .isInstanceOfSatisfying(Outcome.GivenUp.class, givenUp -> assertThat(givenUp.why())
                        .contains("has no whole copy or no way back any more"));
        assertThat(map.switched).isFalse();
    }
}
