package io.pgmosaic.operator.ids;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.MeterRegistry;
import io.pgmosaic.operator.ClusterKey;
import io.pgmosaic.protocol.topology.MachineIdGrant;
import io.pgmosaic.protocol.topology.MachineIdRequest;
import org.jboss.logging.Logger;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Grants machine numbers. What comes within a second for one cluster is one change of its record, so that a thousand routers
 * that start together are a few writes. Thread-safe.
 */
public final class MachineLeases implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(MachineLeases.class);
    private static final Duration LEASE = Duration.ofMinutes(10);
    private static final Duration MARGIN = Duration.ofMinutes(1);
    private static final Duration BETWEEN_WRITES = Duration.ofSeconds(1);
    private static final int MOST_WAITING = 4 * MachineIdRequest.NUMBERS;

    /** Each failed attempt is a success of another replica, of which there are few. */
    private static final int ATTEMPTS = 10;

    private record Waiting(MachineIdRequest request, CompletableFuture<MachineIdGrant> answer) {}

    private final MachineNumberStore store;
    private final MachineLeaseMetrics metrics;
    private final Executor later;
    private final Clock clock;
    /** Present from the first request on until nobody has waited for as long as there is between two writes. */
    private final Map<ClusterKey, List<Waiting>> waiting = new HashMap<>();

    private boolean closed;

    public MachineLeases(KubernetesClient client, MeterRegistry registry, Clock clock) {
        this(new ConfigMapNumbers(client), new MachineLeaseMetrics(registry), BETWEEN_WRITES, clock);
    }

    MachineLeases(MachineNumberStore store, MachineLeaseMetrics metrics, Duration betweenWrites, Clock clock) {
        this.store = store;
        this.metrics = metrics;
        this.later = CompletableFuture.delayedExecutor(
                betweenWrites.toMillis(), TimeUnit.MILLISECONDS, Thread::startVirtualThread);
        this.clock = clock;
    }

    /** Fails with an {@link UnavailableException} when there is no number, and with what the Kubernetes API threw. */
    public CompletableFuture<MachineIdGrant> ask(ClusterKey cluster, MachineIdRequest request) {
        Waiting asked = new Waiting(request, new CompletableFuture<>());
        synchronized (waiting) {
            List<Waiting> others = waiting.get(cluster);
            if (closed) {
                asked.answer().completeExceptionally(stopping());
            } else if (others == null) {
                waiting.put(cluster, new ArrayList<>(List.of(asked)));
                Thread.startVirtualThread(() -> answer(cluster));
            } else if (others.size() < MOST_WAITING) {
                others.add(asked);
            } else {
                asked.answer().completeExceptionally(new UnavailableException("too many routers ask at once"));
            }
        }
        return asked.answer();
    }

    private void answer(ClusterKey cluster) {
        List<Waiting> batch;
        synchronized (waiting) {
            batch = waiting.getOrDefault(cluster, List.of());
            if (batch.isEmpty()) {
                waiting.remove(cluster);
                return;
            }
            waiting.put(cluster, new ArrayList<>());
        }
        try {
            grant(cluster, batch);
        } catch (UnavailableException | RuntimeException e) {
            LOG.warnf("machine numbers of %s: %s", cluster, e.getMessage());
            batch.forEach(asked -> asked.answer().completeExceptionally(e));
        } finally {
            later.execute(() -> answer(cluster));
        }
    }

    private void grant(ClusterKey cluster, List<Waiting> batch) throws UnavailableException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            MachineNumberStore.Recorded recorded = store.read(cluster);
            MachineNumbers numbers = new MachineNumbers(recorded.data());
            List<Optional<MachineIdGrant>> grants = batch.stream()
                    .map(asked -> numbers.grant(asked.request(), clock.instant(), LEASE, MARGIN))
                    .toList();
            if (numbers.changes().isEmpty() || store.write(cluster, recorded.version(), numbers.changes())) {
                metrics.written();
                tell(cluster, batch, grants, numbers);
                return;
            }
            metrics.conflict();
        }
        throw new UnavailableException("other replicas of the operator grant numbers at this moment; ask again");
    }

    private void tell(
            ClusterKey cluster, List<Waiting> batch, List<Optional<MachineIdGrant>> grants, MachineNumbers numbers) {
        if (numbers.unreadable() > 0) {
            LOG.warnf(
                    "%d machine numbers of %s are granted to nobody, since the record does not hold what was written",
                    numbers.unreadable(), cluster);
        }
        for (int i = 0; i < batch.size(); i++) {
            Optional<MachineIdGrant> grant = grants.get(i);
            if (grant.isPresent()) {
                metrics.granted();
                batch.get(i).answer().complete(grant.get());
            } else {
                metrics.refused();
                batch.get(i)
                        .answer()
                        .completeExceptionally(new UnavailableException("all " + MachineIdRequest.NUMBERS
                                + " machine numbers of " + cluster + " are taken; the next becomes free at "
                                + numbers.nextFree()));
            }
        }
    }

    /** Grants nothing more; whoever waits is told. */
    @Override
    public void close() {
        synchronized (waiting) {
            closed = true;
            waiting.values()
                    .forEach(batch -> batch.forEach(asked -> asked.answer().completeExceptionally(stopping())));
            waiting.clear();
        }
    }

    private static UnavailableException stopping() {
        return new UnavailableException("this operator is being stopped");
    }
}
