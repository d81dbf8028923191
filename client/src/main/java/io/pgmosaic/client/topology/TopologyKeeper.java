package io.pgmosaic.client.topology;

import io.pgmosaic.client.topology.RouterConnection.Document;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** Has the topology at hand: asks the router for it now and then, and whenever somebody has reason to doubt it. */
public final class TopologyKeeper implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(TopologyKeeper.class.getName());

    /** A failure that took long to come is not waited for again by everybody who asks in this time. */
    private static final long LONGEST_SHARED_NANOS = Duration.ofSeconds(1).toNanos();

    private final RouterConnection router;
    private final Consumer<Topology> told;
    private final ReentrantLock asking = new ReentrantLock();
    private final ScheduledExecutorService background = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("pgmosaic-topology").factory());
    private final Future<?> rounds;
    private long askedAt;
    private boolean asked;
    private @Nullable IOException failure;
    private long failureUntil;
    private @Nullable String rulesTag;
    private @Nullable String shardsTag;
    private volatile @Nullable Topology known;
    private volatile boolean failing;

    /** @param told is given what the router tells each time, also when it is nothing new, before anybody uses it */
    public TopologyKeeper(RouterConnection router, Duration interval, Consumer<Topology> told) {
        this.router = router;
        this.told = told;
        long millis = Math.max(1, interval.toMillis());
        // Not all processes of a machine at the same time.
        this.rounds = background.scheduleWithFixedDelay(
                this::inBackground, ThreadLocalRandom.current().nextLong(millis), millis, TimeUnit.MILLISECONDS);
    }

    /** Asks the router in the background. */
    public void refreshSoon() {
        if (!background.isShutdown()) {
            background.execute(this::inBackground);
        }
    }

    private void inBackground() {
        try {
            refresh();
            if (failing) {
                LOG.log(System.Logger.Level.INFO, "the router answers again");
            }
            failing = false;
        } catch (IOException | RuntimeException e) {
            if (!failing && !background.isShutdown()) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "the topology cannot be asked for, the last one goes on to be used: " + e.getMessage());
            }
            failing = true;
        }
    }

    /**
     * What is known.
     *
     * @throws IOException when nothing is and the router does not tell
     */
    public Topology current() throws IOException {
        @Nullable Topology topology = known;
        return topology == null ? refresh() : topology;
    }

    /**
     * Asks the router, unless somebody else does so after this call began. Returns what is known then. While the router takes long
     * to fail, those who wait for their turn, and those who come shortly after, are told of the failure without asking again: one
     * after the other would wait longer than each of them has time.
     *
     * @throws IOException when the router does not tell; what was known stays
     */
    public Topology refresh() throws IOException {
        long wanted = System.nanoTime();
        asking.lock();
        try {
            @Nullable Topology topology = known;
            if (topology != null && asked && askedAt - wanted > 0) {
                return topology;
            }
            @Nullable IOException shared = failure;
            if (shared != null && failureUntil - wanted > 0) {
                throw new IOException(shared.getMessage(), shared);
            }
            asked = false;
            askedAt = System.nanoTime();
            Topology latest = ask(topology);
            asked = true;
            failure = null;
            told.accept(latest);
            if (!latest.equals(topology)) {
                known = latest;
            }
            return latest;
        } catch (InterruptedIOException e) {
            // That is about this thread alone.
            throw e;
        } catch (IOException e) {
            if (failure == null || failureUntil - wanted <= 0) {
                long now = System.nanoTime();
                failure = e;
                failureUntil = now + Math.min(now - askedAt, LONGEST_SHARED_NANOS);
            }
            throw e;
        } finally {
            asking.unlock();
        }
    }

    private Topology ask(@Nullable Topology before) throws IOException {
        @Nullable Document rules = router.document("/v1/map", before == null ? null : rulesTag);
        @Nullable Document shards = router.document("/v1/shards", before == null ? null : shardsTag);
        if (before == null) {
            if (rules == null || shards == null) {
                throw new IOException("the router told nothing of its topology");
            }
            Topology first = new Topology(
                    Rules.of(rules.body()),
                    shards.body().path("database").asText(),
                    ShardsDocument.shards(shards.body()));
            rulesTag = rules.tag();
            shardsTag = shards.tag();
            return first;
        }
        if (rules == null && shards == null) {
            return before;
        }
        Topology latest = new Topology(
                rules == null ? before.rules() : Rules.of(rules.body()),
                shards == null
                        ? before.database()
                        : shards.body().path("database").asText(),
                shards == null ? before.shards() : ShardsDocument.shards(shards.body()));
        rulesTag = rules == null ? rulesTag : rules.tag();
        shardsTag = shards == null ? shardsTag : shards.tag();
        return before.then(latest);
    }

    @Override
    public void close() {
        rounds.cancel(true);
        background.shutdownNow();
    }
}
