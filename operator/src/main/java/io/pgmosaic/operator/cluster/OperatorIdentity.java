package io.pgmosaic.operator.cluster;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.pgmosaic.operator.pki.CertificateAuthority;
import io.pgmosaic.operator.pki.CertifiedKey;

import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The operator's own certificate authority, shared by all its replicas through a Secret, and what it signs. */
public final class OperatorIdentity {
    /** The name that routers require in the topology endpoint's certificate, whatever its address is. */
    public static final String TOPOLOGY_NAME = "pgmosaic-operator-topology";

    /** The Service through which the API server calls the webhooks. */
    static final String ADMISSION_SERVICE = "pgmosaic-operator-admission";

    static final String AUTHORITY_SECRET = "pgmosaic-operator-ca";

    private static final Duration AUTHORITY_LIFETIME = Duration.ofDays(3650);
    private static final Duration CERTIFICATE_LIFETIME = Duration.ofDays(90);

    private final CertificateAuthority authority;
    private final String namespace;
    private final Clock clock;

    private OperatorIdentity(CertificateAuthority authority, String namespace, Clock clock) {
        this.authority = authority;
        this.namespace = namespace;
        this.clock = clock;
    }

    /**
     * Loads the authority, or makes it when there is none.
     *
     * @param namespace the operator's own
     * @throws GeneralSecurityException when the stored one cannot be used
     */
    public static OperatorIdentity load(Secrets secrets, String namespace, Clock clock)
            throws GeneralSecurityException {
        Secret stored = secrets.find(namespace, AUTHORITY_SECRET)
                .orElseGet(() -> secrets.create(new SecretBuilder()
                        .withNewMetadata()
                        .withName(AUTHORITY_SECRET)
                        .withNamespace(namespace)
                        .withLabels(Map.of("app.kubernetes.io/managed-by", "pgmosaic"))
                        .endMetadata()
                        .withType("kubernetes.io/tls")
                        .withData(Secrets.encode(dataOf(
                                CertificateAuthority.create("pgmosaic-operator", clock.instant(), AUTHORITY_LIFETIME))))
                        .build()));
        try {
            return new OperatorIdentity(CertificateAuthority.of(Secrets.certifiedKey(stored)), namespace, clock);
        } catch (ProblemException e) {
            throw new GeneralSecurityException(e.getMessage(), e);
        }
    }

    private static Map<String, String> dataOf(CertifiedKey key) {
        return Secrets.data(key, key.certificate());
    }

    /** Whom routers trust. */
    public String authorityPem() {
        return authority.certificatePem();
    }

    /** A new certificate for the topology endpoint. */
    public CertifiedKey issueTopologyServer() {
        return authority.issueServer(List.of(TOPOLOGY_NAME), clock.instant(), CERTIFICATE_LIFETIME);
    }

    /** A new certificate for the webhooks. */
    public CertifiedKey issueAdmissionServer() {
        return authority.issueServer(
                List.of(ADMISSION_SERVICE + "." + namespace + ".svc"), clock.instant(), CERTIFICATE_LIFETIME);
    }

    /** How long a certificate of an endpoint is to be used. */
    public static Duration renewAfter() {
        return CERTIFICATE_LIFETIME.dividedBy(2);
    }
}
