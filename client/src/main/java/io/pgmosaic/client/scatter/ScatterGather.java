package io.pgmosaic.client.scatter;

import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Does work on many shards at once, a virtual thread for each. */
public final class ScatterGather {
    private ScatterGather() {}

    /** How to get at a shard. */
    public interface Shards {
        /**
         * Does something with a connection to a shard, again when that fails by its servers.
         *
         * @param fromReplica whether it may be one to a replica
         * @param during how long to try again; zero for once more, at once
         */
        <T extends @Nullable Object> T with(String shard, boolean fromReplica, Duration during, OnConnection<T> work)
                throws SQLException;
    }

    /** Something to do with a connection, which has to be given back by it. */
    @FunctionalInterface
    public interface OnConnection<T extends @Nullable Object> {
        T run(Connection connection) throws SQLException;
    }

    private record Outcome<T extends @Nullable Object>(
            String shard, @Nullable T result, @Nullable Exception failure) {}

    /**
     * Asks shards.
     *
     * @throws ScatterException when a shard did not answer and the request wants all
     */
    public static <T extends @Nullable Object> ScatterResult<T> run(
            ScatterRequest request, List<String> names, Shards shards, ShardWork<T> work) throws SQLException {
        long deadline = System.nanoTime() + request.timeout().toNanos();
        Semaphore permits = new Semaphore(request.parallelism());
        BlockingQueue<Outcome<T>> outcomes = new LinkedBlockingQueue<>();
        Map<String, ShardTask> open = new LinkedHashMap<>();
        for (String name : names) {
            ShardTask task = new ShardTask();
            open.put(name, task);
            task.in(Thread.ofVirtual()
                    .name("pgmosaic-" + name)
                    .start(() -> outcomes.add(outcome(name, task, permits, request, deadline, shards, work))));
        }
        Map<String, T> results = new LinkedHashMap<>();
        Map<String, Exception> missing = new LinkedHashMap<>();
        try {
            while (!open.isEmpty() && (request.missing() == MissingShards.PARTIAL || missing.isEmpty())) {
                @Nullable Outcome<T> outcome = outcomes.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (outcome == null) {
                    open.keySet().forEach(late -> missing.put(late, late(request)));
                    break;
                }
                open.remove(outcome.shard());
                if (outcome.failure() == null) {
                    results.put(outcome.shard(), outcome.result());
                } else {
                    missing.put(outcome.shard(), outcome.failure());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException("interrupted while shards were asked", "57014", e);
        } finally {
            open.values().forEach(ShardTask::end);
        }
        if (!missing.isEmpty() && request.missing() != MissingShards.PARTIAL) {
            throw new ScatterException(missing);
        }
        return new ScatterResult<>(results, missing);
    }

    private static <T extends @Nullable Object> Outcome<T> outcome(
            String name,
            ShardTask task,
            Semaphore permits,
            ScatterRequest request,
            long deadline,
            Shards shards,
            ShardWork<T> work) {
        try {
            permits.acquire();
            try {
                Duration left = Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
                Duration during = request.missing() == MissingShards.WAIT ? left : Duration.ZERO;
                return new Outcome<>(
                        name,
                        shards.with(
                                name, request.fromReplicas(), during, connection -> task.run(name, connection, work)),
                        null);
            } finally {
                permits.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Outcome<>(name, null, e);
        } catch (SQLException | RuntimeException e) {
            return new Outcome<>(name, null, e);
        } catch (Error e) {
            // Nobody waits for this thread, only for what it tells.
            return new Outcome<>(name, null, new IllegalStateException("the work failed: " + e, e));
        }
    }

    private static SQLException late(ScatterRequest request) {
        return new SQLTimeoutException("no answer within " + request.timeout().toMillis() + " ms", "57014");
    }
}
