package io.pgmosaic.operator.pki;

import java.util.Objects;

/**
 * A certificate and its private key.
 *
 * @param certificate PEM
 * @param key PEM, PKCS #8, unencrypted
 */
public record CertifiedKey(String certificate, String key) {
    public CertifiedKey {
        Objects.requireNonNull(certificate, "certificate");
        Objects.requireNonNull(key, "key");
    }

    /** Leaves the key out, so that it cannot reach a log. */
    @Override
    public String toString() {
        return "CertifiedKey[" + certificate.length() + " characters of PEM]";
    }
}
