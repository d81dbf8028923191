package io.pgmosaic.operator.leadership;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Objects;

/**
 * Takes, renews and gives up the Lease for one replica. How long another holder has not renewed it is counted from when that
 * was seen here, so that clocks which differ from machine to machine depose nobody.
 */
final class LeaseHolder {
    private static final long MILLIS_PER_SECOND = 1_000;

    private final Leases leases;
    private final String namespace;
    private final String name;
    private final String self;
    private final Duration duration;
    private final Clock clock;
    private @Nullable String seenVersion;
    private Instant seenAt = Instant.MIN;

    /**
     * @param self the replica's own name
     * @param duration of the lease
     * @param clock monotonic
     */
    LeaseHolder(Leases leases, String namespace, String name, String self, Duration duration, Clock clock) {
        this.leases = leases;
        this.namespace = namespace;
        this.name = name;
        this.self = self;
        this.duration = duration;
        this.clock = clock;
    }

    /** Whether a holder is this replica. */
    boolean isSelf(@Nullable String holder) {
        return self.equals(holder);
    }

    /**
     * Renews the Lease when it is this replica's, and takes it when nobody holds it any more.
     *
     * @param willing whether to; if not, the Lease is only looked at
     * @return who holds it now; null when nobody does
     * @throws io.fabric8.kubernetes.client.KubernetesClientException when the API does not answer, or somebody was faster
     */
    @Nullable
    String renewOrTake(boolean willing) {
        Lease found = leases.read();
        if (found == null) {
            if (!willing) {
                return null;
            }
            leases.create(new LeaseBuilder()
                    .withNewMetadata()
                    .withName(name)
                    .withNamespace(namespace)
                    .endMetadata()
                    .withSpec(held(new LeaseSpec()))
                    .build());
            return self;
        }
        LeaseSpec spec = found.getSpec() == null ? new LeaseSpec() : found.getSpec();
        String holder = spec.getHolderIdentity();
        boolean free = holder == null || holder.isEmpty();
        boolean over = isOver(found, spec);
        if (!willing || !(self.equals(holder) || free || over)) {
            return free ? null : holder;
        }
        found.setSpec(held(spec));
        leases.replace(found);
        return self;
    }

    /** Lets the others take the Lease at once, if it is this replica's. */
    void giveUp() {
        Lease found = leases.read();
        if (found != null
                && found.getSpec() != null
                && self.equals(found.getSpec().getHolderIdentity())) {
            found.getSpec().setHolderIdentity("");
            leases.replace(found);
        }
    }

    private LeaseSpec held(LeaseSpec spec) {
        ZonedDateTime now = ZonedDateTime.now(ZoneOffset.UTC);
        if (!self.equals(spec.getHolderIdentity())) {
            spec.setAcquireTime(now);
            spec.setLeaseTransitions(spec.getLeaseTransitions() == null ? 0 : spec.getLeaseTransitions() + 1);
        }
        spec.setHolderIdentity(self);
        spec.setRenewTime(now);
        spec.setLeaseDurationSeconds((int) Math.ceilDiv(duration.toMillis(), MILLIS_PER_SECOND));
        return spec;
    }

    private boolean isOver(Lease lease, LeaseSpec spec) {
        Instant now = clock.instant();
        String version = lease.getMetadata().getResourceVersion();
        if (!Objects.equals(version, seenVersion)) {
            seenVersion = version;
            seenAt = now;
        }
        Duration held = spec.getLeaseDurationSeconds() == null
                ? Duration.ZERO
                : Duration.ofSeconds(spec.getLeaseDurationSeconds());
        Duration patience = held.compareTo(duration) > 0 ? held : duration;
        return !now.isBefore(seenAt.plus(patience));
    }
}
