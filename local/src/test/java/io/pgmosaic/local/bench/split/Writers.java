package io.pgmosaic.local.bench.split;

import io.pgmosaic.client.MosaicClient;
import io.pgmosaic.client.TableKey;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients that insert and update rows, each of keys of one kind, so that none waits for what it does not measure. They think a little
 * between two writes, since a load that uses all there is tells nothing of pauses.
 */
final class Writers implements AutoCloseable {
    private static final long THOUGHT_NANOS = Duration.ofMillis(5).toNanos();
    private static final int ROWS_OF_A_WRITER = 100_000_000;
    private static final String INSERT = "INSERT INTO orders VALUES (?, ?, 1, repeat('n', 100))";
    private static final String UPDATE = "UPDATE orders SET n = n + 1 WHERE customer_id = ? AND id = ?";

    /** Whether the split takes the keys to another shard. */
    enum Keys {
        MOVING,
        STAYING
    }

    /**
     * A write that was acknowledged.
     *
     * @param began before the first try, in nanoseconds
     * @param ended when it was acknowledged
     */
    record Write(Keys keys, long began, long ended) {
        double millis() {
            return (ended - began) / 1e6;
        }
    }

    private final MosaicClient client;
    private final Ledger ledger = new Ledger();
    private final Queue<Write> writes = new ConcurrentLinkedQueue<>();
    private final Queue<Exception> errors = new ConcurrentLinkedQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean ended;

    private Writers(MosaicClient client) {
        this.client = client;
    }

    /**
     * Starts them.
     *
     * @param count how many of each kind
     */
    static Writers begin(MosaicClient client, Customers customers, int count) {
        Writers writers = new Writers(client);
        for (Keys keys : Keys.values()) {
            for (int one = 0; one < count; one++) {
                long first = -1L * ROWS_OF_A_WRITER * (1 + writers.threads.size());
                writers.threads.add(Thread.ofVirtual().start(() -> writers.write(keys, customers.of(keys), first)));
            }
        }
        return writers;
    }

    /** Rows of the load have negative numbers. */
    private void write(Keys keys, List<Long> customers, long first) {
        SplittableRandom random = new SplittableRandom(first);
        List<Ledger.Row> own = new ArrayList<>();
        for (long id = first; !ended; id--) {
            boolean isNew = own.isEmpty() || random.nextBoolean();
            Ledger.Row row = isNew
                    ? new Ledger.Row(customers.get(random.nextInt(customers.size())), id)
                    : own.get(random.nextInt(own.size()));
            long began = System.nanoTime();
            try {
                int changed = client.<Integer>inTransaction(
                        TableKey.of(SplitCluster.TABLE, row.customer()),
                        connection -> execute(connection, isNew ? INSERT : UPDATE, row));
                writes.add(new Write(keys, began, System.nanoTime()));
                ledger.acknowledged(row, changed);
                if (isNew) {
                    own.add(row);
                }
            } catch (SQLException | RuntimeException e) {
                errors.add(e);
                ledger.unknown(row);
            }
            LockSupport.parkNanos(THOUGHT_NANOS);
        }
    }

    private static int execute(Connection connection, String sql, Ledger.Row row) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, row.customer());
            statement.setLong(2, row.id());
            return statement.executeUpdate();
        }
    }

    /** Writes that were under way at some time between these moments. */
    List<Write> between(Keys keys, long from, long to) {
        return writes.stream()
                .filter(write -> write.keys() == keys && write.ended() >= from && write.began() <= to)
                .toList();
    }

    /** Acknowledged writes of a second between these moments. */
    double rate(long from, long to) {
        long count = writes.stream()
                .filter(write -> write.ended() >= from && write.ended() < to)
                .count();
        return count / ((to - from) / 1e9);
    }

    Ledger ledger() {
        return ledger;
    }

    /** What callers of the client saw. */
    List<Exception> errors() {
        return List.copyOf(errors);
    }

    @Override
    public void close() {
        ended = true;
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
