package io.pgmosaic.instance.http;

import io.pgmosaic.protocol.tls.Pem;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;

/** The content of the mounted certificate files in PEM, read together. */
public record TlsFiles(String authority, String certificate, String key) {

    public static TlsFiles read(Path directory) throws IOException {
        return new TlsFiles(
                Files.readString(directory.resolve("ca.crt")),
                Files.readString(directory.resolve("tls.crt")),
                Files.readString(directory.resolve("tls.key")));
    }

    /**
     * Files that are replaced one after the other can be read half old and half new.
     *
     * @throws GeneralSecurityException when the key is not the certificate's
     */
    void checkPair() throws GeneralSecurityException {
        PrivateKey privateKey = Pem.privateKey(key);
        PublicKey publicKey = Pem.certificates(certificate).getFirst().getPublicKey();
        String algorithm = privateKey.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA";
        byte[] probe = certificate.getBytes(StandardCharsets.US_ASCII);
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(privateKey);
        signature.update(probe);
        byte[] signed = signature.sign();
        signature.initVerify(publicKey);
        signature.update(probe);
        if (!signature.verify(signed)) {
            throw new GeneralSecurityException("tls.key is not the key of tls.crt");
        }
    }
}
