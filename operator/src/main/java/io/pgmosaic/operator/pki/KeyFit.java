package io.pgmosaic.operator.pki;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;

/** Whether a key is the one of a certificate. What a wrong key signs is found out by the peers only, when nobody can connect. */
final class KeyFit {
    private KeyFit() {}

    /**
     * @throws GeneralSecurityException when it is not
     */
    static void require(X509Certificate certificate, PrivateKey key) throws GeneralSecurityException {
        String algorithm = key.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA";
        byte[] sample = certificate.getEncoded();
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(key);
        signature.update(sample);
        byte[] signed = signature.sign();
        if (!certificate.getPublicKey().getAlgorithm().equals(key.getAlgorithm())) {
            throw mismatch(certificate);
        }
        signature.initVerify(certificate.getPublicKey());
        signature.update(sample);
        if (!signature.verify(signed)) {
            throw mismatch(certificate);
        }
    }

    private static GeneralSecurityException mismatch(X509Certificate certificate) {
        return new GeneralSecurityException(
                "the key is not that of the certificate of " + certificate.getSubjectX500Principal());
    }
}
