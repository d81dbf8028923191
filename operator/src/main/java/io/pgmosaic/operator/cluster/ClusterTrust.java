package io.pgmosaic.operator.cluster;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pgmosaic.api.v1alpha1.cluster.CertificateIssuer;
import io.pgmosaic.operator.ClusterKey;
import io.pgmosaic.operator.desired.ClusterNames;
import io.pgmosaic.operator.instance.ClusterIdentities;
import io.pgmosaic.operator.pki.CertificateAuthority;
import io.pgmosaic.operator.pki.CertifiedKey;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * Gives the operator a client certificate within each cluster when an instance of it is first asked: one that the cluster's
 * authority signs for it, which lives in memory only and is replaced at half of its short life; or the one that somebody else
 * issued, which is read again every minute.
 *
 * <p>Only the first time does the one who asks wait for it. Later it is looked at beside what goes on: observing must neither
 * wait for the Kubernetes API nor end with it.
 */
public final class ClusterTrust {
    private static final Logger LOG = Logger.getLogger(ClusterTrust.class);

    private static final Duration LIFETIME = Duration.ofHours(24);
    private static final Duration LOOK_EVERY = Duration.ofMinutes(1);

    /**
     * What is in use.
     *
     * @param issued the certificate that somebody else issued; null for one of the operator's own making
     * @param dueAt when to look again
     */
    private record Loaded(@Nullable CertifiedKey issued, String authorityPem, Instant dueAt) {}

    private record Found(CertifiedKey identity, Loaded loaded) {}

    private final Secrets secrets;
    private final Function<ClusterKey, Optional<CertificateIssuer>> issuers;
    private final ClusterIdentities trust;
    private final Executor reloads;
    private final Clock clock;
    private final Map<ClusterKey, Loaded> loaded = new ConcurrentHashMap<>();

    /** How often a cluster was forgotten. */
    private final AtomicInteger forgotten = new AtomicInteger();

    /**
     * @param issuers who issues a cluster's certificates; empty when there is no such cluster. May ask the Kubernetes API. What
     *     Secrets there are does not tell: those of an earlier cluster of the same name may be left
     * @param reloads runs what replaces a certificate in use; nobody waits for it
     */
    public ClusterTrust(
            Secrets secrets,
            Function<ClusterKey, Optional<CertificateIssuer>> issuers,
            ClusterIdentities trust,
            Executor reloads,
            Clock clock) {
        this.secrets = secrets;
        this.issuers = issuers;
        this.trust = trust;
        this.reloads = reloads;
        this.clock = clock;
    }

    /**
     * Returns once the cluster's instances can be talked to.
     *
     * @throws IOException when neither the authority nor an issued certificate is there yet, or can be used
     */
    public void ensure(ClusterKey cluster) throws IOException {
        Loaded present = loaded.get(cluster);
        if (present == null) {
            load(cluster, null);
        } else if (!clock.instant().isBefore(present.dueAt())) {
            Loaded claimed = new Loaded(
                    present.issued(), present.authorityPem(), clock.instant().plus(LOOK_EVERY));
            if (loaded.replace(cluster, present, claimed)) {
                reloads.execute(() -> reload(cluster, claimed));
            }
        }
    }

    private void reload(ClusterKey cluster, Loaded present) {
        try {
            load(cluster, present);
        } catch (IOException e) {
            LOG.warnf("%s; what was loaded before goes on being used", e.getMessage());
        }
    }

    private void load(ClusterKey cluster, @Nullable Loaded before) throws IOException {
        try {
            int forgottenBefore = forgotten.get();
            CertificateIssuer issuer = issuers.apply(cluster)
                    .orElseThrow(() -> new IOException("there is no ShardedCluster " + cluster + " any more"));
            take(
                    cluster,
                    before,
                    switch (issuer) {
                        case OPERATOR -> own(cluster);
                        case EXTERNAL -> issued(cluster);
                    },
                    forgottenBefore);
        } catch (GeneralSecurityException | ProblemException | KubernetesClientException e) {
            throw new IOException(
                    "the operator's certificate in " + cluster + " cannot be loaded: " + e.getMessage(), e);
        }
    }

    private Found issued(ClusterKey cluster) throws IOException, GeneralSecurityException, ProblemException {
        Secret secret = secret(cluster, ClusterNames.operatorClient(cluster.name()));
        CertifiedKey identity = Secrets.certifiedKey(secret);
        return new Found(
                identity,
                new Loaded(
                        identity,
                        Secrets.text(secret, Secrets.AUTHORITY),
                        clock.instant().plus(LOOK_EVERY)));
    }

    private Found own(ClusterKey cluster) throws IOException, GeneralSecurityException, ProblemException {
        CertificateAuthority authority =
                CertificateAuthority.of(Secrets.certifiedKey(secret(cluster, ClusterNames.authority(cluster.name()))));
        return new Found(
                authority.issueOperatorClient(clock.instant(), LIFETIME),
                new Loaded(null, authority.certificatePem(), clock.instant().plus(LIFETIME.dividedBy(2))));
    }

    private Secret secret(ClusterKey cluster, String name) throws IOException {
        return secrets.find(cluster.namespace(), name)
                .orElseThrow(() -> new IOException("Secret " + name + " of " + cluster + " has not been made yet"));
    }

    /**
     * Takes what was found into use, unless a cluster was forgotten meanwhile: another one of its name may be there by now, with
     * another authority. Connections go on when nothing was changed.
     */
    private synchronized void take(ClusterKey cluster, @Nullable Loaded before, Found found, int forgottenBefore)
            throws IOException, GeneralSecurityException {
        if (forgotten.get() != forgottenBefore) {
            throw new IOException("clusters were deleted while the certificate of " + cluster + " was looked for");
        }
        boolean isSame = before != null
                && found.identity().equals(before.issued())
                && found.loaded().authorityPem().equals(before.authorityPem());
        if (!isSame) {
            trust.setCluster(cluster, found.loaded().authorityPem(), found.identity());
        }
        loaded.put(cluster, found.loaded());
    }

    /** To be called when the cluster is gone; one of the same name has another authority. */
    public synchronized void forget(ClusterKey cluster) {
        forgotten.incrementAndGet();
        loaded.remove(cluster);
        trust.forgetCluster(cluster);
    }
}
