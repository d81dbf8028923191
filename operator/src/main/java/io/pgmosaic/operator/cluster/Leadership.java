package io.pgmosaic.operator.cluster;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Whether this operator is the one that acts, and since when that is proven. The election's own word may be old, when this
 * process was paused; what proves it is the Lease read from the API server: nobody else had become the leader when the
 * reading began.
 */
public final class Leadership implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Leadership.class);
    private static final Duration PROOF_INTERVAL = Duration.ofSeconds(1);

    /** Where the Lease is, and under which name this operator holds it. */
    public record Election(KubernetesClient client, String namespace, String lease, String holder) {}

    private final @Nullable Election election;
    private final Clock clock;
    private final ScheduledExecutorService prover = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("leadership").factory());
    private volatile @Nullable Instant provenAt;
    private volatile @Nullable ScheduledFuture<?> proving;

    /**
     * @param election null when leaders are not elected; then every operator leads, and there must be only one
     * @param clock monotonic
     */
    public Leadership(@Nullable Election election, Clock clock) {
        this.election = election;
        this.clock = clock;
    }

    /** Whether this operator was still the leader at some moment after this one. */
    public boolean ledSince(Instant moment) {
        Instant proven = provenAt;
        return election == null || (proven != null && proven.isAfter(moment));
    }

    /** To be told by the election. */
    public LeaderCallbacks callbacks() {
        return new LeaderCallbacks(this::begin, this::end, leader -> LOG.infof("%s leads", leader));
    }

    private synchronized void begin() {
        if (election != null && proving == null) {
            proving = prover.scheduleWithFixedDelay(
                    () -> prove(election), 0, PROOF_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private synchronized void end() {
        ScheduledFuture<?> running = proving;
        proving = null;
        provenAt = null;
        if (running != null) {
            running.cancel(true);
        }
    }

    private void prove(Election elected) {
        Instant begun = clock.instant();
        try {
            Lease lease = elected.client()
                    .leases()
                    .inNamespace(elected.namespace())
                    .withName(elected.lease())
                    .get();
            boolean holds =
                    lease != null && elected.holder().equals(lease.getSpec().getHolderIdentity());
            provenAt = holds ? begun : null;
        } catch (KubernetesClientException e) {
            LOG.debugf("cannot prove that this operator leads: %s", e.getMessage());
        }
    }

    @Override
    public void close() {
        prover.shutdownNow();
    }
}
