package io.pgmosaic.instance.http;

import javax.security.auth.x500.X500Principal;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/** Whether a client certificate, whose chain TLS has checked already, is the operator's. */
final class OperatorCertificate {
    private static final String CLIENT_AUTHENTICATION = "1.3.6.1.5.5.7.3.2";
    // The order of the attributes is part of a name; both are in use.
    private static final List<X500Principal> SUBJECTS =
            List.of(new X500Principal("CN=operator,O=pgmosaic"), new X500Principal("O=pgmosaic,CN=operator"));

    private OperatorCertificate() {}

    /** @return why it is not; empty when it is */
    static Optional<String> complaint(X509Certificate certificate) {
        List<String> purposes;
        try {
            purposes = certificate.getExtendedKeyUsage();
        } catch (CertificateParsingException e) {
            return Optional.of("the client certificate's extended key usage cannot be read: " + e.getMessage());
        }
        if (purposes == null || !purposes.contains(CLIENT_AUTHENTICATION)) {
            return Optional.of("the client certificate is not for client authentication");
        }
        return SUBJECTS.contains(certificate.getSubjectX500Principal())
                ? Optional.empty()
                : Optional.of("the client is "
                        + certificate.getSubjectX500Principal().getName() + ", not O=pgmosaic,CN=operator");
    }
}
