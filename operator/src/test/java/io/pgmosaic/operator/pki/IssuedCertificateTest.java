package io.pgmosaic.operator.pki;

import org.junit.jupiter.api.Test;

import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

class IssuedCertificateTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration LIFETIME = Duration.ofDays(90);
    private static final List<String> NAMES = List.of("orders-s0.shop.svc", "*.orders-s0.shop.svc");

    private final CertificateAuthority authority = authority();
    private final CertifiedKey instance = authority.issueInstance(NAMES, NOW, LIFETIME);
    private final CertifiedKey operator = authority.issueOperatorClient(NOW, LIFETIME);

    @Test
    void nothingIsWrongWithOneThatTheOperatorWouldHaveIssued() {
        assertThat(ofInstance(instance, NOW)).isEmpty();
        assertThat(ofOperator(operator, NOW)).isEmpty();
    }

    @Test
    void theRootAtTheEndOfItsChainDoesNoHarm() {
        CertifiedKey withRoot = new CertifiedKey(instance.certificate() + authority.certificatePem(), instance.key());
        assertThat(ofInstance(withRoot, NOW)).isEmpty();
    }

    @Test
    void namesThatAreMissingAreNamed() {
        assertThat(IssuedCertificate.problemsOfInstance(
                        instance,
                        authority.certificatePem(),
                        List.of(NAMES.getFirst(), "orders-s0-primary.shop.svc", "orders-s0-replicas.shop.svc"),
                        NOW))
                .containsExactly("tls.crt lacks the DNS names orders-s0-primary.shop.svc, orders-s0-replicas.shop.svc");
    }

    @Test
    void itsTimeIsOverOrYetToCome() {
        assertThat(ofInstance(instance, NOW.plus(LIFETIME).plusSeconds(1)))
                .containsExactly("tls.crt ended at 2026-05-30T12:00:00Z");
        assertThat(ofInstance(instance, NOW.minus(Duration.ofHours(1))))
                .containsExactly("tls.crt begins at 2026-03-01T11:55:00Z");
    }

    @Test
    void anotherAuthorityHasSignedIt() {
        assertThat(IssuedCertificate.problemsOfInstance(instance, authority().certificatePem(), NAMES, NOW))
                .singleElement()
                .asString()
                .startsWith("tls.crt is not signed by ca.crt");
        assertThat(IssuedCertificate.problemsOfInstance(instance, "garbage", NAMES, NOW))
                .singleElement()
                .asString()
                .startsWith("tls.crt is not signed by ca.crt");
    }

    @Test
    void theKeyIsAnothersOrInAnotherForm() {
        assertThat(ofInstance(new CertifiedKey(instance.certificate(), operator.key()), NOW))
                .singleElement()
                .asString()
                .startsWith("tls.key cannot be used: the key is not that of the certificate");
        assertThat(ofInstance(
                        new CertifiedKey(instance.certificate(), instance.key().replace("PRIVATE", "EC PRIVATE")), NOW))
                .singleElement()
                .asString()
                .contains("PKCS #8");
    }

    @Test
    void itIsForSomethingElse() {
        CertifiedKey server = authority.issueServer(NAMES, NOW, LIFETIME);
        assertThat(ofInstance(server, NOW)).containsExactly("tls.crt lacks the usage client auth");
        assertThat(ofInstance(operator, NOW))
                .containsExactly(
                        "tls.crt lacks the DNS names orders-s0.shop.svc, *.orders-s0.shop.svc",
                        "tls.crt lacks the usage server auth");
        assertThat(ofOperator(server, NOW))
                .containsExactly(
                        "the subject of tls.crt is O=pgmosaic,CN=server and must be O=pgmosaic, CN=operator",
                        "tls.crt lacks the usage client auth");
    }

    @Test
    void itCannotBeRead() {
        assertThat(ofInstance(new CertifiedKey("garbage", instance.key()), NOW))
                .singleElement()
                .asString()
                .startsWith("tls.crt cannot be read");
    }

    private List<String> ofInstance(CertifiedKey issued, Instant now) {
        return IssuedCertificate.problemsOfInstance(issued, authority.certificatePem(), NAMES, now);
    }

    private List<String> ofOperator(CertifiedKey issued, Instant now) {
        return IssuedCertificate.problemsOfOperator(issued, authority.certificatePem(), now);
    }

    private static CertificateAuthority authority() {
        try {
            return CertificateAuthority.of(CertificateAuthority.create("orders", NOW, Duration.ofDays(3650)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
