package io.pgmosaic.operator.split.verify;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Reads a table of both sides at once, in chunks of neighbouring blocks: that is the order of the disk, needs no index and no
 * sort, and can stop after each chunk. The sides' blocks have nothing to do with each other; so what is made of
 * chunks must not depend on how rows were divided.
 */
final class Scan {
    private static final long QUICK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long SLOW_NANOS = TimeUnit.MILLISECONDS.toNanos(800);
    private static final long FIRST_CHUNK = 64;
    private static final long LARGEST_CHUNK = 16_384;

    /** What is asked of one side, and what becomes of the answer. */
    interface Side {
        String query(Blocks blocks);

        /** Called by several threads at once. Gives the number of the table's rows that were read for it. */
        long take(ResultSet rows) throws SQLException;
    }

    private final AtomicBoolean failed = new AtomicBoolean();
    private final Meter meter;

    Scan(Meter meter) {
        this.meter = meter;
    }

    static long blocks(Connection session, TableQueries queries) throws SQLException {
        try (Statement statement = session.createStatement();
                ResultSet row = statement.executeQuery(queries.blockCount())) {
            row.next();
            return row.getLong(1);
        }
    }

    /** @param blocks of sender and receiver */
    void run(Readers sender, Side ofSender, Readers receiver, Side ofReceiver, long[] blocks)
            throws SQLException, InterruptedException {
        List<Side> asked = List.of(ofSender, ofReceiver);
        List<Readers> readers = List.of(sender, receiver);
        CountDownLatch reading = new CountDownLatch(
                sender.sessions().size() + receiver.sessions().size());
        try (ExecutorService threads = Executors.newThreadPerTaskExecutor(
                Thread.ofPlatform().name("verify-", 0).factory())) {
            List<Future<?>> tasks = new ArrayList<>();
            for (int i = 0; i < asked.size(); i++) {
                int side = i;
                AtomicLong next = new AtomicLong();
                for (Connection session : readers.get(i).sessions()) {
                    tasks.add(threads.submit(() -> {
                        try {
                            readAll(session, asked.get(side), side, next, blocks[side]);
                        } catch (SQLException | RuntimeException | InterruptedException e) {
                            failed.set(true);
                            throw e;
                        } finally {
                            reading.countDown();
                        }
                        awaitOthers(session, reading);
                        return null;
                    }));
                }
            }
            finish(tasks);
        }
    }

    private void readAll(Connection session, Side side, int number, AtomicLong next, long blocks)
            throws SQLException, InterruptedException {
        long size = FIRST_CHUNK;
        while (!failed.get()) {
            meter.mayRead(session);
            long first = next.getAndAdd(size);
            long end = first + size;
            // One chunk at least, of a table that was empty when its blocks were counted, too.
            if (first >= Math.max(1, blocks)) {
                return;
            }
            long begun = System.nanoTime();
            try (Statement statement = session.createStatement();
                    ResultSet rows = statement.executeQuery(side.query(new Blocks(first, end, end >= blocks)))) {
                meter.read(number, Math.max(0, Math.min(end, blocks) - first), side.take(rows));
            }
            long took = System.nanoTime() - begun;
            if (took < QUICK_NANOS) {
                size = Math.min(2 * size, LARGEST_CHUNK);
            } else if (took > SLOW_NANOS) {
                size = Math.max(size / 2, 1);
            }
        }
    }

    private void awaitOthers(Connection session, CountDownLatch reading) throws SQLException, InterruptedException {
        while (!reading.await(ReadSettings.IDLE_SECONDS / 4, TimeUnit.SECONDS) && !failed.get()) {
            Readers.stayAwake(session);
        }
    }

    private void finish(List<Future<?>> tasks) throws SQLException, InterruptedException {
        for (Future<?> task : tasks) {
            try {
                task.get();
            } catch (ExecutionException e) {
                switch (e.getCause()) {
                    case SQLException sql -> throw sql;
                    case RuntimeException unexpected -> throw unexpected;
                    case null, default -> throw new IllegalStateException("a reader failed", e);
                }
            } catch (InterruptedException e) {
                failed.set(true);
                tasks.forEach(each -> each.cancel(true));
                throw e;
            }
        }
    }
}
