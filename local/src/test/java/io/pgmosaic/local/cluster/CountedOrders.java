package io.pgmosaic.local.cluster;

import io.pgmosaic.client.CausalContext;
import io.pgmosaic.client.MosaicClient;
import io.pgmosaic.client.ReadGuarantee;
import io.pgmosaic.client.TableKey;
import io.pgmosaic.client.UnknownOutcomeException;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import static org.awaitility.Awaitility.await;

/** Writers that each write a new order of some customer, read it back, and remember what they were told. */
final class CountedOrders implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final long PAUSE_NANOS = Duration.ofMillis(10).toNanos();

    private final MosaicClient client;
    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final Set<String> unknown = ConcurrentHashMap.newKeySet();
    private final Set<String> unseen = ConcurrentHashMap.newKeySet();
    private final Queue<Exception> failures = new ConcurrentLinkedQueue<>();
    private final Map<String, AtomicInteger> byShard = new ConcurrentHashMap<>();
    private final AtomicInteger fromReplicas = new AtomicInteger();
    private final List<Thread> writers = new ArrayList<>();
    private volatile boolean ended;

    private CountedOrders(MosaicClient client) {
        this.client = client;
    }

    /** Order numbers are negative, unlike those of the examples. */
    static CountedOrders begin(MosaicClient client, int writers) {
        CountedOrders orders = new CountedOrders(client);
        for (int writer = 1; writer <= writers; writer++) {
            long first = -1_000_000L * writer;
            orders.writers.add(Thread.ofVirtual().start(() -> orders.write(first)));
        }
        return orders;
    }

    private void write(long first) {
        SplittableRandom random = new SplittableRandom(first);
        CausalContext context = new CausalContext();
        for (long order = first; !ended; order--) {
            long customer = random.nextInt(1_000);
            long id = order;
            String row = customer + ":" + id;
            TableKey key = TableKey.of("orders", customer);
            try {
                client.inTransaction(key, context, connection -> insert(connection, customer, id));
                acknowledged.add(row);
                byShard.computeIfAbsent(client.shardOf(key), shard -> new AtomicInteger())
                        .incrementAndGet();
                if (!client.<Boolean>read(
                        key, ReadGuarantee.causal(context), connection -> isThere(connection, customer, id))) {
                    unseen.add(row);
                }
            } catch (UnknownOutcomeException e) {
                unknown.add(row);
            } catch (SQLException | RuntimeException e) {
                failures.add(e);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private static int insert(Connection connection, long customer, long id) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("INSERT INTO orders VALUES (?, ?)")) {
            statement.setLong(1, customer);
            statement.setLong(2, id);
            return statement.executeUpdate();
        }
    }

    private boolean isThere(Connection connection, long customer, long id) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT count(*), pg_is_in_recovery() FROM orders WHERE customer_id = ? AND id = ?")) {
            statement.setLong(1, customer);
            statement.setLong(2, id);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                if (row.getBoolean(2)) {
                    fromReplicas.incrementAndGet();
                }
                return row.getInt(1) == 1;
            }
        }
    }

    /** Waits until this many more were acknowledged. */
    void awaitMore(int more) {
        int before = acknowledged.size();
        await().atMost(LIMIT).until(() -> acknowledged.size() >= before + more);
    }

    /** Waits until this many more of a shard were acknowledged. */
    void awaitMoreOf(String shard, int more) {
        AtomicInteger count = byShard.computeIfAbsent(shard, none -> new AtomicInteger());
        int before = count.get();
        await().atMost(LIMIT).until(() -> count.get() >= before + more);
    }

    Set<String> acknowledged() {
        return Set.copyOf(acknowledged);
    }

    Set<String> unknown() {
        return Set.copyOf(unknown);
    }

    Set<String> unseen() {
        return Set.copyOf(unseen);
    }

    List<Exception> failures() {
        return List.copyOf(failures);
    }

    int readFromReplicas() {
        return fromReplicas.get();
    }

    void end() throws InterruptedException {
        ended = true;
        for (Thread writer : writers) {
            writer.join();
        }
    }

    @Override
    public void close() {
        try {
            end();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
