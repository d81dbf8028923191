package io.pgmosaic.operator.observe;

import io.pgmosaic.operator.ClusterKey;
import io.pgmosaic.operator.instance.InstanceClient;
import io.pgmosaic.operator.instance.InstanceEndpoint;
import io.pgmosaic.operator.instance.InstanceUnreachableException;
import io.pgmosaic.operator.instance.StatusRequest;
import io.pgmosaic.protocol.instance.InstanceStatus;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Asks every known instance for its status. It answers at its next change, or when the time is over: about a second for
 * a settled one, much less for a while for one whose server is about to change, since what SQL alone shows is no such change. Tells listeners of significant changes, and confirms the terms
 * that may be confirmed, since every question can carry that. Directly, not through the kubelet, so that nothing waits for node time-outs.
 */
public final class InstanceObserver implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(InstanceObserver.class);
    /** How long a settled instance may wait for a change before it answers; so often it is asked at least. */
    private static final Duration WAIT = Duration.ofMillis(900);

    private static final Duration UNSETTLED_INTERVAL = Duration.ofMillis(50);
    /** After an answer that told of a change. */
    private static final Duration LEAST_INTERVAL = Duration.ofMillis(10);
    /** What stays unsettled for longer than this is asked like the settled. */
    private static final Duration EAGER = Duration.ofSeconds(15);

    private final InstanceClient client;
    private final Clock clock;
    private final TermConfirmations confirmations;
    private final Map<InstanceKey, Target> targets = new ConcurrentHashMap<>();
    private final CopyOnWriteArrayList<Consumer<ClusterKey>> listeners = new CopyOnWriteArrayList<>();
    private final ExecutorService askers = Executors.newVirtualThreadPerTaskExecutor();

    /** @param clock that is never set back or forth */
    public InstanceObserver(InstanceClient client, Clock clock, TermConfirmations confirmations) {
        this.client = client;
        this.clock = clock;
        this.confirmations = confirmations;
    }

    private static final class Target {
        final InstanceEndpoint endpoint;
        volatile Observation observation;
        volatile boolean watched = true;
        /** It or a shard mate changed last; until some time after that it is asked often while anything is unsettled. */
        volatile Instant stirredAt;

        Target(InstanceEndpoint endpoint, Observation observation, Instant now) {
            this.endpoint = endpoint;
            this.observation = observation;
            this.stirredAt = now;
        }

        /** The oldest token that has not been handed back. */
        private @Nullable Token token;

        private record Token(String bootId, long value, Instant receivedAt) {}

        /** To be called under this object's lock, as all that has to do with the token. */
        void keepToken() {
            InstanceStatus status = observation.status();
            Instant receivedAt = observation.answeredAt();
            if (status == null || status.lease() == null || receivedAt == null) {
                token = null;
            } else if (token == null || !token.bootId().equals(status.bootId())) {
                token = new Token(status.bootId(), status.lease().token(), receivedAt);
            }
        }

        /** Hands the token back if what it confirms was true after it was received. */
        synchronized StatusRequest confirming(StatusRequest request, TermConfirmations confirmations) {
            Token kept = token;
            if (kept == null) {
                return request;
            }
            OptionalLong term = confirmations.confirmed(endpoint.cluster(), endpoint.instance(), kept.receivedAt());
            if (term.isEmpty()) {
                return request;
            }
            token = null;
            return request.confirming(term.getAsLong(), kept.value());
        }

        boolean sameShard(Target other) {
            return endpoint.cluster().equals(other.endpoint.cluster())
                    && endpoint.service().equals(other.endpoint.service());
        }
    }

    /** Called with a cluster whenever one of its instances changed significantly; must return quickly. */
    public void addListener(Consumer<ClusterKey> listener) {
        listeners.add(listener);
    }

    /** Begins to ask the instance, or goes on at its new address. What was seen before is kept. */
    public void watch(InstanceEndpoint endpoint) {
        InstanceKey key = new InstanceKey(endpoint.cluster(), endpoint.instance());
        Target current = targets.get(key);
        if (current != null && current.endpoint.equals(endpoint)) {
            return;
        }
        Target target = new Target(endpoint, current == null ? Observation.NONE : current.observation, now());
        targets.put(key, target);
        if (current != null) {
            current.watched = false;
        }
        ask(target);
    }

    /** Stops asking the instance and forgets what was seen. */
    public void unwatch(InstanceKey key) {
        Target target = targets.remove(key);
        if (target != null) {
            target.watched = false;
            tell(key.cluster());
        }
    }

    /** The last that was seen; null for an instance that is not watched. */
    public @Nullable Observation observation(InstanceKey key) {
        Target target = targets.get(key);
        return target == null ? null : target.observation;
    }

    /** The clock that observations are dated by. */
    public Instant now() {
        return clock.instant();
    }

    /** Where the instance is; null for one that is not watched. */
    public @Nullable InstanceEndpoint endpoint(InstanceKey key) {
        Target target = targets.get(key);
        return target == null ? null : target.endpoint;
    }

    /** Asks the instance at once, besides the regular times: something was done to it. */
    public void lookAgain(InstanceKey key) {
        Target target = targets.get(key);
        if (target != null && !askers.isShutdown()) {
            askers.execute(() -> look(target, Duration.ZERO));
        }
    }

    private void ask(Target target) {
        if (target.watched && !askers.isShutdown()) {
            askers.execute(() -> askNow(target));
        }
    }

    private void askNow(Target target) {
        if (!target.watched) {
            return;
        }
        Instant begun = now();
        boolean eager = eager(target, begun);
        InstanceStatus before = target.observation.status();
        Duration pace = eager ? UNSETTLED_INTERVAL : WAIT;
        look(target, pace);
        Observation after = target.observation;
        boolean changed =
                after.status() != null && before != null && after.status().changes() != before.changes();
        // An instance that did not wait, for whatever reason, is not asked more often for that.
        Duration rest = changed ? LEAST_INTERVAL : pace.minus(Duration.between(begun, now()));
        CompletableFuture.delayedExecutor(Math.max(rest.toMillis(), 0), TimeUnit.MILLISECONDS, askers)
                .execute(() -> askNow(target));
    }

    /** Whether it, or a shard mate of one that does not answer, is about to change. */
    private boolean eager(Target target, Instant now) {
        boolean stirred = now.isBefore(target.stirredAt.plus(EAGER));
        return stirred
                && (Significant.of(target.observation).isUnsettled()
                        || mates(target).anyMatch(mate -> mate.observation.silentSince() != null));
    }

    private Stream<Target> mates(Target target) {
        return targets.values().stream().filter(other -> other != target && other.sameShard(target));
    }

    /**
     * @param patience how long the instance may wait for a change
     */
    private void look(Target target, Duration patience) {
        Instant begun = now();
        StatusRequest request = target.confirming(
                StatusRequest.after(target.observation.status(), (int) patience.toMillis()), confirmations);
        UnaryOperator<Observation> sighting;
        try {
            InstanceStatus status = client.status(target.endpoint, request);
            Set<String> mates =
                    mates(target).map(mate -> mate.endpoint.instance()).collect(Collectors.toSet());
            sighting = before -> Sightings.answered(before, status, mates, now());
        } catch (InstanceUnreachableException e) {
            sighting = failure(String.valueOf(e.getMessage()), e.refused(), begun, request);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        } catch (RuntimeException e) {
            LOG.errorf(e, "asking %s failed unexpectedly", target.endpoint.instance());
            sighting = failure(e.toString(), false, begun, request);
        }
        take(target, sighting);
    }

    private UnaryOperator<Observation> failure(String reason, boolean refused, Instant begun, StatusRequest request) {
        Instant due = begun.plusMillis(request.waitMillis());
        Instant since = due.isAfter(now()) ? now() : due;
        return before -> Sightings.failed(before, reason, refused, begun, since);
    }

    private void take(Target target, UnaryOperator<Observation> sighting) {
        Observation before;
        Observation after;
        synchronized (target) {
            before = target.observation;
            after = sighting.apply(before);
            if (!target.watched) {
                return;
            }
            target.observation = after;
            target.keepToken();
        }
        if (Significant.of(after).equals(Significant.of(before)) && after.refused() == before.refused()) {
            return;
        }
        target.stirredAt = now();
        if (after.silentSince() != null && before.silentSince() == null) {
            // What the others hear of it is what tells a dead one from one that only we do not reach.
            mates(target).forEach(mate -> {
                mate.stirredAt = now();
                lookAgain(new InstanceKey(mate.endpoint.cluster(), mate.endpoint.instance()));
            });
        }
        tell(target.endpoint.cluster());
    }

    private void tell(ClusterKey cluster) {
        for (Consumer<ClusterKey> listener : listeners) {
            try {
                listener.accept(cluster);
            } catch (RuntimeException e) {
                // Its failure must not end the questions to the instance.
                LOG.errorf(e, "a listener could not be told of a change in %s", cluster);
            }
        }
    }

    @Override
    public void close() {
        askers.shutdownNow();
    }
}
