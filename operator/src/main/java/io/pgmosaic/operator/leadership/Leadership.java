package io.pgmosaic.operator.leadership;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Whether this operator is the one that acts, and since when that is proven. What proves it is the Lease in the Kubernetes API,
 * read and renewed by compare-and-set: nobody else had become the leader when the reading began. The proof holds for the
 * renew deadline, by a clock that goes on while the process is paused; so one that was paused for long knows at once that it
 * may not lead any more.
 *
 * <pre>
 * every retry period   read the Lease. Its own: renew it, and lead. Nobody's any more: take it, and lead.
 * all the time         without a renewal for the renew deadline: lead no more; passes under way are interrupted.
 * again                take it only when the passes of the time before have ended, so that none acts on what it knew then.
 * </pre>
 */
public final class Leadership implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Leadership.class);
    private static final int CHECKS_PER_RETRY = 5;

    /** Told of every change, in order; must return quickly. */
    public interface Listener {
        /** This operator leads from now on. */
        void begun();

        /** It does not any more. */
        void ended();
    }

    private final ElectionTimings timings;
    private final LeaseHolder lease;
    private final @Nullable ApiLeases api;
    private final Clock clock;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final Set<Pass> passes = new HashSet<>();
    private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(
            2, Thread.ofPlatform().daemon().name("leadership-", 0).factory());
    private final List<Future<?>> running = new CopyOnWriteArrayList<>();
    private volatile @Nullable Instant provenAt;
    private volatile long reign;
    private boolean leading;
    private @Nullable String leader;

    private static final class Pass {
        private final Thread thread = Thread.currentThread();
        private boolean cut;
    }

    /**
     * Competes for a Lease once it is started.
     *
     * @param namespace of the Lease
     * @param name of the Lease
     * @param self under which it is held; no two processes that run at the same time may have the same
     * @param clock monotonic
     */
    public Leadership(
            KubernetesClient client, String namespace, String name, String self, ElectionTimings timings, Clock clock) {
        this(new ApiLeases(client, timings.requestLimit(), namespace, name), namespace, name, self, timings, clock);
    }

    private Leadership(
            ApiLeases api, String namespace, String name, String self, ElectionTimings timings, Clock clock) {
        this(new LeaseHolder(api, namespace, name, self, timings.lease(), clock), api, timings, clock);
    }

    Leadership(LeaseHolder lease, @Nullable ApiLeases api, ElectionTimings timings, Clock clock) {
        this.lease = lease;
        this.api = api;
        this.timings = timings;
        this.clock = clock;
    }

    public void addListener(Listener listener) {
        listeners.add(listener);
    }

    /** Returns when the Kubernetes API answers. */
    public void awaitApi() throws InterruptedException {
        if (api != null) {
            api.awaitApi();
        }
    }

    /** Begins to compete. */
    public void start() {
        long retry = timings.retry().toNanos();
        running.add(threads.scheduleWithFixedDelay(this::attempt, 0, retry, TimeUnit.NANOSECONDS));
        running.add(threads.scheduleWithFixedDelay(this::check, retry, retry / CHECKS_PER_RETRY, TimeUnit.NANOSECONDS));
    }

    /** Whether this operator leads now. */
    public boolean leads() {
        return isProven(clock.instant());
    }

    /** Counts the times that it began to lead; two equal numbers mean that it led all the time between. */
    public long reign() {
        return reign;
    }

    /** Whether this operator was still the leader at some moment after this one. */
    public boolean ledSince(Instant moment) {
        Instant proven = provenAt;
        return proven != null && proven.isAfter(moment) && isProven(clock.instant());
    }

    /**
     * Runs a pass while this operator leads. The thread is interrupted when it stops leading.
     *
     * @return what the pass returned; empty when it was not run, or cut short
     */
    public <T> Optional<T> whileLeading(Supplier<T> action) {
        Pass pass = new Pass();
        synchronized (this) {
            if (!leading || !leads()) {
                return Optional.empty();
            }
            passes.add(pass);
        }
        boolean cut = false;
        try {
            return Optional.of(action.get());
        } catch (RuntimeException e) {
            cut = end(pass);
            if (cut) {
                LOG.infof("a pass was cut short with the leadership: %s", e.getMessage());
                return Optional.empty();
            }
            throw e;
        } finally {
            if (!cut) {
                end(pass);
            }
        }
    }

    /** Returns whether the pass was cut short; its thread is then no longer interrupted. */
    private synchronized boolean end(Pass pass) {
        passes.remove(pass);
        if (pass.cut) {
            Thread.interrupted();
        }
        return pass.cut;
    }

    /** One attempt to renew or take the Lease. */
    void attempt() {
        check();
        Instant begun = clock.instant();
        try {
            boolean willing = isIdle();
            String holder = lease.renewOrTake(willing);
            become(holder, begun, willing);
        } catch (KubernetesClientException e) {
            LOG.debugf("the Lease cannot be had: %s", e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("the election failed; it goes on", e);
        }
    }

    private synchronized boolean isIdle() {
        return leading || passes.isEmpty();
    }

    private synchronized void become(@Nullable String holder, Instant begun, boolean willing) {
        if (holder != null && !holder.equals(leader)) {
            LOG.infof("%s leads", holder);
        }
        leader = holder;
        if (!lease.isSelf(holder)) {
            if (leading) {
                stop(holder == null ? "nobody holds the Lease" : holder + " leads");
            }
            return;
        }
        // An answer that comes too late proves nothing, and the Lease of a process that died under this name is not yet
        // ours.
        if (!willing || isOver(begun, clock.instant())) {
            return;
        }
        provenAt = begun;
        if (!leading) {
            reign++;
            leading = true;
            listeners.forEach(Listener::begun);
        }
    }

    /** Stops leading when that is not proven any more. */
    synchronized void check() {
        if (leading && !leads()) {
            stop("the Lease was not renewed for " + timings.renewDeadline().toMillis() + " ms");
        }
    }

    private synchronized void stop(String why) {
        LOG.warnf("this operator leads no more: %s", why);
        leading = false;
        provenAt = null;
        for (Pass pass : passes) {
            pass.cut = true;
            pass.thread.interrupt();
        }
        listeners.forEach(Listener::ended);
    }

    private boolean isProven(Instant now) {
        Instant proven = provenAt;
        return proven != null && !isOver(proven, now);
    }

    private boolean isOver(Instant proven, Instant now) {
        return !now.isBefore(proven.plus(timings.renewDeadline()));
    }

    /** Leads no more, and lets the next one lead at once if nothing is under way here. */
    @Override
    public void close() {
        running.forEach(task -> task.cancel(true));
        threads.shutdownNow();
        boolean held;
        synchronized (this) {
            held = leading;
            if (leading) {
                stop("it ends");
            }
            held &= passes.isEmpty();
        }
        if (held) {
            try {
                lease.giveUp();
            } catch (KubernetesClientException e) {
                LOG.debugf("the Lease runs out by itself: %s", e.getMessage());
            }
        }
        if (api != null) {
            api.close();
        }
    }
}
