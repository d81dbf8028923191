package io.pgmosaic.operator.pki;

import io.pgmosaic.protocol.tls.DnsNames;
import io.pgmosaic.protocol.tls.Pem;
import org.jspecify.annotations.Nullable;

import javax.security.auth.x500.X500Principal;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Says what is wrong with a certificate that somebody else issued, for a person who can have it issued anew. Pure. */
public final class IssuedCertificate {
    private static final String SERVER_AUTHENTICATION = "1.3.6.1.5.5.7.3.1";
    private static final String CLIENT_AUTHENTICATION = "1.3.6.1.5.5.7.3.2";

    /** The order of the attributes is part of a name; both are taken. */
    private static final List<X500Principal> OPERATOR = List.of(
            new X500Principal(CertificateAuthority.OPERATOR_SUBJECT), new X500Principal("O=pgmosaic,CN=operator"));

    private IssuedCertificate() {}

    /**
     * Of an instance: a server's, and a client's among its shard.
     *
     * @param authorityPem who must have signed it
     * @return empty when it can be used
     */
    public static List<String> problemsOfInstance(
            CertifiedKey issued, String authorityPem, List<String> dnsNames, Instant now) {
        List<String> problems = new ArrayList<>();
        X509Certificate certificate = common(issued, authorityPem, now, problems);
        if (certificate == null) {
            return problems;
        }
        try {
            Set<String> present = DnsNames.of(certificate);
            List<String> missing =
                    dnsNames.stream().filter(name -> !present.contains(name)).toList();
            if (!missing.isEmpty()) {
                problems.add("tls.crt lacks the DNS names " + String.join(", ", missing));
            }
        } catch (GeneralSecurityException e) {
            problems.add("the names in tls.crt cannot be read: " + e.getMessage());
        }
        usage(certificate, SERVER_AUTHENTICATION, "server auth", problems);
        usage(certificate, CLIENT_AUTHENTICATION, "client auth", problems);
        return problems;
    }

    /** As {@link #problemsOfInstance}, of the certificate with which the operator commands instances. */
    public static List<String> problemsOfOperator(CertifiedKey issued, String authorityPem, Instant now) {
        List<String> problems = new ArrayList<>();
        X509Certificate certificate = common(issued, authorityPem, now, problems);
        if (certificate == null) {
            return problems;
        }
        if (!OPERATOR.contains(certificate.getSubjectX500Principal())) {
            problems.add("the subject of tls.crt is "
                    + certificate.getSubjectX500Principal().getName() + " and must be O=pgmosaic, CN=operator");
        }
        usage(certificate, CLIENT_AUTHENTICATION, "client auth", problems);
        return problems;
    }

    private static @Nullable X509Certificate common(
            CertifiedKey issued, String authorityPem, Instant now, List<String> problems) {
        List<X509Certificate> chain;
        try {
            chain = Pem.certificates(issued.certificate());
        } catch (GeneralSecurityException e) {
            problems.add("tls.crt cannot be read: " + e.getMessage());
            return null;
        }
        X509Certificate certificate = chain.getFirst();
        try {
            KeyFit.require(certificate, Pem.privateKey(issued.key()));
        } catch (GeneralSecurityException e) {
            problems.add("tls.key cannot be used: " + e.getMessage());
        }
        if (now.isAfter(certificate.getNotAfter().toInstant())) {
            problems.add("tls.crt ended at " + certificate.getNotAfter().toInstant());
        } else if (now.isBefore(certificate.getNotBefore().toInstant())) {
            problems.add("tls.crt begins at " + certificate.getNotBefore().toInstant());
        } else {
            signature(chain, authorityPem, now, problems);
        }
        return certificate;
    }

    private static void signature(
            List<X509Certificate> chain, String authorityPem, Instant now, List<String> problems) {
        try {
            Set<TrustAnchor> anchors = Pem.certificates(authorityPem).stream()
                    .map(authority -> new TrustAnchor(authority, null))
                    .collect(Collectors.toSet());
            PKIXParameters parameters = new PKIXParameters(anchors);
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(now));
            // An issuer may put its root at the end of the chain; a trust anchor is no part of a path.
            List<X509Certificate> path = chain.stream()
                    .filter(one -> anchors.stream().noneMatch(anchor -> one.equals(anchor.getTrustedCert())))
                    .toList();
            CertPathValidator.getInstance("PKIX")
                    .validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
        } catch (GeneralSecurityException e) {
            problems.add("tls.crt is not signed by ca.crt: " + e.getMessage());
        }
    }

    private static void usage(X509Certificate certificate, String purpose, String name, List<String> problems) {
        try {
            List<String> purposes = certificate.getExtendedKeyUsage();
            if (purposes == null || !purposes.contains(purpose)) {
                problems.add("tls.crt lacks the usage " + name);
            }
        } catch (GeneralSecurityException e) {
            problems.add("the usages in tls.crt cannot be read: " + e.getMessage());
        }
    }
}
