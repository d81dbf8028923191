package io.pgmosaic.operator.pki;

import io.pgmosaic.protocol.tls.Pem;

import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Decides whether a stored server certificate may go on being used. Pure: the time is given. */
public final class CertificateRenewal {
    private static final int DNS_NAME = 2;

    private CertificateRenewal() {}

    /**
     * True when the certificate cannot be read, is not signed by {@code authority}, lacks one of the names, or ends
     * within {@code renewBefore}.
     */
    public static boolean isDue(
            String certificatePem,
            CertificateAuthority authority,
            List<String> dnsNames,
            Instant now,
            Duration renewBefore) {
        try {
            X509Certificate certificate = Pem.certificates(certificatePem).getFirst();
            certificate.verify(authority.certificate().getPublicKey());
            return now.plus(renewBefore).isAfter(certificate.getNotAfter().toInstant())
                    || !dnsNamesOf(certificate).containsAll(dnsNames);
        } catch (GeneralSecurityException unusable) {
            return true;
        }
    }

    private static Set<String> dnsNamesOf(X509Certificate certificate) throws CertificateException {
        Set<String> names = new HashSet<>();
        Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
        if (alternatives != null) {
            for (List<?> alternative : alternatives) {
                if (alternative.get(0).equals(DNS_NAME)) {
                    names.add((String) alternative.get(1));
                }
            }
        }
        return names;
    }
}
