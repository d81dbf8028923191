package io.pgmosaic.client.load;

import io.pgmosaic.client.topology.RouterConnection;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** Counts how statements end, tells the router, and refuses what it says is to be refused. Thread-safe. */
public final class Outcomes implements AutoCloseable {
    /** Of a request that says nothing. */
    public static final int DEFAULT_PRIORITY = 5;

    private static final System.Logger LOG = System.getLogger(Outcomes.class.getName());
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
    private static final int MOST_SCATTERS = 500;
    /** What comes above that within a second is not told: a router that is slow must not be told of ever older things. */
    private static final int MOST_REPORTS = 20;

    private final RouterConnection router;
    private final String client = UUID.randomUUID().toString();
    private final Map<Kind, Durations> pending = new ConcurrentHashMap<>();
    private final BlockingQueue<Integer> scatters = new ArrayBlockingQueue<>(MOST_SCATTERS);
    private final ScheduledExecutorService background = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("pgmosaic-outcomes").factory());
    private final Future<?> rounds;
    private volatile Refusals refusals = Refusals.NONE;

    /** @param interval between reports */
    public Outcomes(RouterConnection router, Duration interval) {
        this.router = router;
        this.rounds = background.scheduleWithFixedDelay(
                this::report, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
    }

    /**
     * To be asked for what the router was not asked for, since that refuses by itself.
     *
     * @param priority 1 to 10
     * @throws ShardOverloadedException when this one is not to be sent
     */
    public void admit(String shard, boolean write, int priority) throws ShardOverloadedException {
        Refusals said = refusals;
        if (said.isNone()) {
            return;
        }
        double probability = said.probability(shard, priority, System.nanoTime());
        if (probability > 0 && ThreadLocalRandom.current().nextDouble() < probability) {
            count(new Kind(shard, null, write, false, priority, Result.REFUSED), 0);
            throw new ShardOverloadedException(
                    "shard " + shard + " has too much to do, and " + Math.round(100 * probability)
                            + " % of the requests of priority " + priority
                            + " are refused for that: try again later, or with another priority where this one matters more",
                    RETRY_AFTER,
                    null);
        }
    }

    /**
     * Somebody who sends statements of one kind.
     *
     * @param server the instance that serves them; null when none could be had
     * @param lookedUp whether the router was asked for them
     * @param priority 1 to 10
     */
    public record Sender(String shard, @Nullable String server, boolean write, boolean lookedUp, int priority) {}

    /**
     * A statement ended.
     *
     * @param began by {@link System#nanoTime}
     * @param failure with which it did; null for none
     */
    public void ended(Sender sender, long began, @Nullable Throwable failure) {
        count(
                new Kind(
                        sender.shard(),
                        sender.server(),
                        sender.write(),
                        sender.lookedUp(),
                        sender.priority(),
                        Result.of(failure)),
                Math.max(0, System.nanoTime() - began));
    }

    private void count(Kind kind, long nanos) {
        @Nullable Durations known = pending.get(kind);
        (known == null ? pending.computeIfAbsent(kind, unseen -> new Durations()) : known).add(nanos);
    }

    /** A query went over several shards. */
    public void scattered(int shards) {
        if (shards > 0 && !scatters.offer(shards)) {
            LOG.log(System.Logger.Level.DEBUG, "more queries over shards than are told of");
        }
    }

    private void report() {
        try {
            Reports reports = new Reports(client);
            // A statement that ends while its kind is given up for having had none may go uncounted.
            pending.forEach((kind, durations) -> {
                if (!durations.drain((count, nanos) -> reports.add(kind, count, nanos))) {
                    pending.remove(kind, durations);
                }
            });
            List<Integer> told = new ArrayList<>();
            scatters.drainTo(told);
            if (pending.isEmpty() && told.isEmpty() && refusals.isNone()) {
                return;
            }
            Iterator<Map<String, Object>> bodies = reports.bodies(told).iterator();
            int sent = 0;
            while (bodies.hasNext() && sent < MOST_REPORTS && send(bodies.next())) {
                sent++;
            }
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "what became of statements cannot be told", e);
        }
    }

    private boolean send(Map<String, Object> body) {
        try {
            refusals = Refusals.of(router.post("/v1/outcomes", body, null), System.nanoTime());
            return true;
        } catch (IOException e) {
            // The next report tells of what is newer.
            LOG.log(System.Logger.Level.DEBUG, "the router does not take what became of statements", e);
            return false;
        }
    }

    @Override
    public void close() {
        rounds.cancel(true);
        background.shutdownNow();
    }
}
