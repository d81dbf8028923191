package io.pgmosaic.operator.cluster;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClientException;
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

    private final Secrets secrets;
    private final ClusterIdentities trust;
    private final Clock clock;
    private final Map<ClusterKey, Loaded> loaded = new ConcurrentHashMap<>();

    public ClusterTrust(Secrets secrets, ClusterIdentities trust, Clock clock) {
        this.secrets = secrets;
        this.trust = trust;
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
                Thread.ofVirtual().name("trust-of-" + cluster.name()).start(() -> reload(cluster, claimed));
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
            Optional<Secret> issued = secrets.find(cluster.namespace(), ClusterNames.operatorClient(cluster.name()));
            Loaded found = issued.isPresent() ? issued(cluster, issued.get(), before) : own(cluster);
            if (before == null) {
                loaded.put(cluster, found);
            } else {
                loaded.replace(cluster, before, found);
            }
        } catch (GeneralSecurityException | ProblemException | KubernetesClientException e) {
            throw new IOException(
                    "the operator's certificate in " + cluster + " cannot be loaded: " + e.getMessage(), e);
        }
    }

    /** Connections go on when nothing was changed. */
    private Loaded issued(ClusterKey cluster, Secret secret, @Nullable Loaded before)
            throws GeneralSecurityException, ProblemException {
        CertifiedKey identity = Secrets.certifiedKey(secret);
        String authorityPem = Secrets.text(secret, Secrets.AUTHORITY);
        if (before == null || !identity.equals(before.issued()) || !authorityPem.equals(before.authorityPem())) {
            trust.setCluster(cluster, authorityPem, identity);
        }
        return new Loaded(identity, authorityPem, clock.instant().plus(LOOK_EVERY));
    }

    private Loaded own(ClusterKey cluster) throws IOException, GeneralSecurityException, ProblemException {
        Optional<Secret> stored = secrets.find(cluster.namespace(), ClusterNames.authority(cluster.name()));
        if (stored.isEmpty()) {
            throw new IOException("the certificate authority of " + cluster + " has not been made yet");
        }
        CertificateAuthority authority = CertificateAuthority.of(Secrets.certifiedKey(stored.get()));
        trust.setCluster(cluster, authority.certificatePem(), authority.issueOperatorClient(clock.instant(), LIFETIME));
        return new Loaded(null, authority.certificatePem(), clock.instant().plus(LIFETIME.dividedBy(2)));
    }

    /** To be called when the cluster is gone; one of the same name has another authority. */
    public void forget(ClusterKey cluster) {
        loaded.remove(cluster);
        trust.forgetCluster(cluster);
    }
}
