package io.pgmosaic.operator.split.verify;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Clients that change rows of a sender's orders, and think a little between two changes. */
final class SenderLoad {
    private static final int CLIENTS = 4;
    private static final long THOUGHT_NANOS = Duration.ofMillis(2).toNanos();

    private final StreamedPair.Node sender;
    private final int rows;
    private final AtomicLong changes = new AtomicLong();
    private volatile boolean ended;

    /** @param rows the orders are numbered from 1 to this */
    SenderLoad(StreamedPair.Node sender, int rows) {
        this.sender = sender;
        this.rows = rows;
    }

    interface Work {
        void run() throws SQLException, InterruptedException;
    }

    /** Does something while they are at work, which fails when one of them does. */
    void during(Work work) throws SQLException, InterruptedException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> clients = new ArrayList<>();
            for (int client = 0; client < CLIENTS; client++) {
                SplittableRandom random = new SplittableRandom(client);
                clients.add(threads.submit(() -> {
                    change(random);
                    return null;
                }));
            }
            try {
                work.run();
            } finally {
                ended = true;
            }
            for (Future<?> client : clients) {
                client.get();
            }
        } catch (ExecutionException e) {
            throw new SQLException("a client of the load gave up", e.getCause());
        }
    }

    private void change(SplittableRandom random) throws SQLException {
        try (Connection connection = sender.superuser();
                PreparedStatement update =
                        connection.prepareStatement("UPDATE orders SET customer = customer + 1 WHERE id = ?")) {
            while (!ended) {
                update.setLong(1, 1L + random.nextInt(rows));
                update.executeUpdate();
                changes.incrementAndGet();
                LockSupport.parkNanos(THOUGHT_NANOS);
            }
        }
    }

    /** How many changes were committed so far. */
    long changes() {
        return changes.get();
    }
}
