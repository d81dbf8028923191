package io.pgmosaic.operator.pki;

import io.pgmosaic.protocol.tls.Pem;
import io.pgmosaic.protocol.tls.TlsContexts;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;

import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Asks the JDK's own validators, which the peers use. */
class CertificateAuthorityTest {
    private final Instant now = Instant.now();
    private static final Duration DAY = Duration.ofDays(1);
    private final CertifiedKey stored = CertificateAuthority.create("orders", now, DAY.multipliedBy(10));

    private final CertificateAuthority authority;

    CertificateAuthorityTest() throws GeneralSecurityException {
        authority = CertificateAuthority.of(stored);
    }

    @Test
    void itsServerCertificatesAreGoodForServersOnly() throws GeneralSecurityException {
        CertifiedKey server = authority.issueServer(List.of("orders-s0.shop.svc", "*.orders-s0.shop.svc"), now, DAY);
        X509Certificate[] chain = chain(server);
        X509TrustManager trust = trust(stored.certificate());
        assertThatCode(() -> trust.checkServerTrusted(chain, "ECDHE_ECDSA")).doesNotThrowAnyException();
        assertThatThrownBy(() -> trust.checkClientTrusted(chain, "EC")).isInstanceOf(CertificateException.class);
        assertThat(chain[0].getSubjectAlternativeNames())
                .extracting(name -> (Object) name.get(1))
                .containsExactly("orders-s0.shop.svc", "*.orders-s0.shop.svc");
    }

    @Test
    void itsInstanceCertificatesAreGoodForBoth() throws GeneralSecurityException {
        CertifiedKey instance = authority.issueInstance(List.of("orders-s0.shop.svc"), now, DAY);
        X509Certificate[] chain = chain(instance);
        X509TrustManager trust = trust(stored.certificate());
        assertThatCode(() -> trust.checkServerTrusted(chain, "ECDHE_ECDSA")).doesNotThrowAnyException();
        assertThatCode(() -> trust.checkClientTrusted(chain, "EC")).doesNotThrowAnyException();
        Duration renewBefore = Duration.ofHours(1);
        List<String> names = List.of("orders-s0.shop.svc");
        assertThat(CertificateRenewal.isInstanceDue(instance, authority, names, now, renewBefore))
                .isFalse();
        CertifiedKey mixed = new CertifiedKey(
                instance.certificate(), authority.issueInstance(names, now, DAY).key());
        assertThat(CertificateRenewal.isInstanceDue(mixed, authority, names, now, renewBefore))
                .isTrue();
        CertifiedKey server = authority.issueServer(names, now, DAY);
        assertThat(CertificateRenewal.isInstanceDue(server, authority, names, now, renewBefore))
                .isTrue();
    }

    @Test
    void itsClientCertificatesAreTheOperatorsAndGoodForClientsOnly() throws GeneralSecurityException {
        X509Certificate[] chain = chain(authority.issueOperatorClient(now, DAY));
        X509TrustManager trust = trust(stored.certificate());
        assertThatCode(() -> trust.checkClientTrusted(chain, "EC")).doesNotThrowAnyException();
        assertThatThrownBy(() -> trust.checkServerTrusted(chain, "ECDHE_ECDSA"))
                .isInstanceOf(CertificateException.class);
        assertThat(chain[0].getSubjectX500Principal().getName().split(","))
                .containsExactlyInAnyOrder(CertificateAuthority.OPERATOR_SUBJECT.split(","));
    }

    @Test
    void keysFitTheirCertificates() {
        CertifiedKey server = authority.issueServer(List.of("a"), now, DAY);
        assertThatCode(() -> TlsContexts.of(server.certificate(), server.key(), stored.certificate()))
                .doesNotThrowAnyException();
    }

    @Test
    void anotherAuthorityOfTheSameNameDoesNotVouchForThem() throws GeneralSecurityException {
        X509Certificate[] chain = chain(authority.issueServer(List.of("a"), now, DAY));
        X509TrustManager other =
                trust(CertificateAuthority.create("orders", now, DAY).certificate());
        assertThatThrownBy(() -> other.checkServerTrusted(chain, "ECDHE_ECDSA"))
                .isInstanceOf(CertificateException.class);
    }

    @Test
    void theyEndWithTheirLifetimeAndBeginShortlyBeforeNow() throws GeneralSecurityException {
        CertifiedKey server = authority.issueServer(List.of("a"), now, DAY);
        assertThat(isValid(server, now.minus(Duration.ofMinutes(4)))).isTrue();
        assertThat(isValid(server, now.minus(Duration.ofMinutes(6)))).isFalse();
        assertThat(isValid(server, now.plus(DAY).minusSeconds(2))).isTrue();
        assertThat(isValid(server, now.plus(DAY).plusSeconds(2))).isFalse();
    }

    @Test
    void theySignNothing() throws Exception {
        CertifiedKey leaf = authority.issueServer(List.of("a"), now, DAY);
        assertThatThrownBy(() -> CertificateAuthority.of(leaf)).isInstanceOf(GeneralSecurityException.class);
        X509Certificate forged = signedBy(leaf);
        X509Certificate[] chain = {forged, chain(leaf)[0]};
        assertThatCode(() -> forged.verify(chain[1].getPublicKey())).doesNotThrowAnyException();
        assertThatThrownBy(() -> trust(stored.certificate()).checkServerTrusted(chain, "ECDHE_ECDSA"))
                .isInstanceOf(CertificateException.class);
    }

    @Test
    void isNotReadWithAnotherAuthoritysKey() {
        CertifiedKey other = CertificateAuthority.create("orders", now, DAY);
        assertThatThrownBy(() -> CertificateAuthority.of(new CertifiedKey(stored.certificate(), other.key())))
                .isInstanceOf(GeneralSecurityException.class)
                .hasMessageContaining("key");
    }

    @Test
    void isNotReadFromGarbage() {
        assertThatThrownBy(() -> CertificateAuthority.of(new CertifiedKey("", "")))
                .isInstanceOf(GeneralSecurityException.class);
        assertThatThrownBy(() -> CertificateAuthority.of(new CertifiedKey(stored.certificate(), "no key")))
                .isInstanceOf(GeneralSecurityException.class);
    }

    @Test
    void keysStayOutOfLogs() {
        assertThat(stored.toString()).doesNotContain(stored.key()).doesNotContain("PRIVATE");
    }

    private X509Certificate signedBy(CertifiedKey leaf) throws GeneralSecurityException, OperatorCreationException {
        X509Certificate issuer = chain(leaf)[0];
        return new JcaX509CertificateConverter()
                .getCertificate(new JcaX509v3CertificateBuilder(
                                new X500Name(issuer.getSubjectX500Principal().getName()),
                                BigInteger.TEN,
                                Date.from(now.minusSeconds(60)),
                                Date.from(now.plusSeconds(60)),
                                new X500Name("CN=forged"),
                                issuer.getPublicKey())
                        .build(new JcaContentSignerBuilder("SHA256withECDSA").build(Pem.privateKey(leaf.key()))));
    }

    private boolean isValid(CertifiedKey issued, Instant at) throws GeneralSecurityException {
        PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(authority.certificate(), null)));
        parameters.setRevocationEnabled(false);
        parameters.setDate(Date.from(at));
        try {
            CertPathValidator.getInstance("PKIX")
                    .validate(
                            CertificateFactory.getInstance("X.509").generateCertPath(List.of(chain(issued))),
                            parameters);
            return true;
        } catch (java.security.cert.CertPathValidatorException e) {
            return false;
        }
    }

    private static X509Certificate[] chain(CertifiedKey issued) throws CertificateException {
        return Pem.certificates(issued.certificate()).toArray(X509Certificate[]::new);
    }

    private static X509TrustManager trust(String authorityPem) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(TlsContexts.trustStore(authorityPem));
        return (X509TrustManager) factory.getTrustManagers()[0];
    }
}
