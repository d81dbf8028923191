package io.pgmosaic.operator.cluster;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pgmosaic.operator.ClusterKey;
import io.pgmosaic.operator.desired.ClusterNames;
import io.pgmosaic.operator.instance.InstanceTrust;
import io.pgmosaic.operator.pki.CertificateAuthority;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Loads a cluster's certificate authority when an instance of it is first asked, and gives the operator a client
 * certificate of its own. That certificate lives in memory only and is replaced at half of its short life.
 */
public final class ClusterTrust {
    private static final Duration LIFETIME = Duration.ofHours(24);

    private final Secrets secrets;
    private final InstanceTrust trust;
    private final Clock clock;
    private final Map<ClusterKey, Instant> loadedAt = new ConcurrentHashMap<>();

    public ClusterTrust(Secrets secrets, InstanceTrust trust, Clock clock) {
        this.secrets = secrets;
        this.trust = trust;
        this.clock = clock;
    }

    /**
     * Returns once the cluster's instances can be talked to.
     *
     * @throws IOException when the authority is not there yet or cannot be used
     */
    public void ensure(ClusterKey cluster) throws IOException {
        Instant loaded = loadedAt.get(cluster);
        if (loaded != null && clock.instant().isBefore(loaded.plus(LIFETIME.dividedBy(2)))) {
            return;
        }
        try {
            Optional<Secret> stored = secrets.find(cluster.namespace(), ClusterNames.authority(cluster.name()));
            if (stored.isEmpty()) {
                throw new IOException("the certificate authority of " + cluster + " has not been made yet");
            }
            CertificateAuthority authority = CertificateAuthority.of(Secrets.certifiedKey(stored.get()));
            trust.setCluster(
                    cluster, authority.certificatePem(), authority.issueOperatorClient(clock.instant(), LIFETIME));
            loadedAt.put(cluster, clock.instant());
        } catch (GeneralSecurityException | ProblemException | KubernetesClientException e) {
            throw new IOException(
                    "the certificate authority of " + cluster + " cannot be loaded: " + e.getMessage(), e);
        }
    }

    /** To be called when the cluster is gone; one of the same name has another authority. */
    public void forget(ClusterKey cluster) {
        loadedAt.remove(cluster);
        trust.forgetCluster(cluster);
    }
}
