package io.pgmosaic.instance.http;

import io.pgmosaic.protocol.instance.InstanceIdentity;
import io.pgmosaic.protocol.tls.DnsNames;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Optional;

/** Whether a client certificate, whose chain and purpose TLS has checked already, is that of an instance of the shard. */
final class ShardCertificate {
    private ShardCertificate() {}

    /** The DNS name of the shard's headless Service, which the certificates of its instances hold and no others. */
    static String service(InstanceIdentity identity) {
        return identity.cluster() + "-" + identity.shard() + "." + identity.namespace() + ".svc";
    }

    /** @return why it is not; empty when it is */
    static Optional<String> complaint(X509Certificate certificate, String service) {
        try {
            return DnsNames.of(certificate).contains(service)
                    ? Optional.empty()
                    : Optional.of("the client's certificate does not name " + service);
        } catch (CertificateParsingException e) {
            return Optional.of("the names in the client certificate cannot be read: " + e.getMessage());
        }
    }
}
