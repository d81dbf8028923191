package io.pgmosaic.protocol.tls;

import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The DNS names in a certificate. Instances are reached by address, which no certificate holds; what tells them apart is the
 * name of their shard's headless Service.
 */
public final class DnsNames {
    private static final int DNS_NAME = 2;

    private DnsNames() {}

    public static Set<String> of(X509Certificate certificate) throws CertificateParsingException {
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

    /**
     * @throws CertificateException when the certificate does not hold exactly this name; no wildcard stands for it
     */
    public static void require(X509Certificate certificate, String name) throws CertificateException {
        if (!of(certificate).contains(name)) {
            throw new CertificateException("the certificate does not name " + name);
        }
    }
}
