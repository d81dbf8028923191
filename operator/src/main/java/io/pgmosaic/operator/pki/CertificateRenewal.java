package io.pgmosaic.operator.pki;

import io.pgmosaic.protocol.tls.DnsNames;
import io.pgmosaic.protocol.tls.Pem;

import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Decides whether a stored server certificate may go on being used. Pure: the time is given. */
public final class CertificateRenewal {
    private static final String CLIENT_AUTHENTICATION = "1.3.6.1.5.5.7.3.2";

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
                    || !DnsNames.of(certificate).containsAll(dnsNames);
        } catch (GeneralSecurityException unusable) {
            return true;
        }
    }

    /** As {@link #isDue}, for an instance's: true also when it is not good for a client, or the key is not its own. */
    public static boolean isInstanceDue(
            CertifiedKey stored,
            CertificateAuthority authority,
            List<String> dnsNames,
            Instant now,
            Duration renewBefore) {
        return isDue(stored.certificate(), authority, dnsNames, now, renewBefore)
                || !isForClients(stored.certificate())
                || !fits(stored);
    }

    private static boolean fits(CertifiedKey stored) {
        try {
            KeyFit.require(Pem.certificates(stored.certificate()).getFirst(), Pem.privateKey(stored.key()));
            return true;
        } catch (GeneralSecurityException unusable) {
            return false;
        }
    }

    private static boolean isForClients(String certificatePem) {
        try {
            List<String> purposes = Pem.certificates(certificatePem).getFirst().getExtendedKeyUsage();
            return purposes != null && purposes.contains(CLIENT_AUTHENTICATION);
        } catch (GeneralSecurityException unusable) {
            return false;
        }
    }
}
