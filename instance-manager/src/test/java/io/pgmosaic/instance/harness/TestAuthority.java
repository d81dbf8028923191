package io.pgmosaic.instance.harness;

import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;

/** A certificate authority of a test's own. */
public final class TestAuthority {
    private final X500Name name;
    private final KeyPair keys;
    private final String certificate;

    /** A certificate with its key, in PEM. */
    public record Issued(String certificate, String key) {}

    public TestAuthority(String commonName) {
        this.name = new X500Name("CN=" + commonName);
        this.keys = keys();
        try {
            X509v3CertificateBuilder builder = builder(name, keys);
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
            this.certificate = pem(sign(builder));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    public String certificate() {
        return certificate;
    }

    /** An instance's certificate: a server's, and a client's among its shard. */
    public Issued server(List<String> dnsNames, List<String> addresses) {
        KeyPurposeId[] both = {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth};
        return issue(new X500Name("CN=server"), new ExtendedKeyUsage(both), dnsNames, addresses);
    }

    public Issued client(String subject) {
        return issue(new X500Name(subject), new ExtendedKeyUsage(KeyPurposeId.id_kp_clientAuth), List.of(), List.of());
    }

    /** A server's certificate in the operator's name. */
    public Issued serverNamed(String subject) {
        return issue(new X500Name(subject), new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth), List.of(), List.of());
    }

    private Issued issue(X500Name subject, ExtendedKeyUsage purposes, List<String> dnsNames, List<String> addresses) {
        KeyPair own = keys();
        try {
            X509v3CertificateBuilder builder = builder(subject, own);
            builder.addExtension(Extension.extendedKeyUsage, false, purposes);
            List<GeneralName> names = new java.util.ArrayList<>();
            dnsNames.forEach(dns -> names.add(new GeneralName(GeneralName.dNSName, dns)));
            addresses.forEach(address -> names.add(new GeneralName(GeneralName.iPAddress, address)));
            if (!names.isEmpty()) {
                builder.addExtension(
                        Extension.subjectAlternativeName, false, new GeneralNames(names.toArray(GeneralName[]::new)));
            }
            return new Issued(pem(sign(builder)), pem(new JcaPKCS8Generator(own.getPrivate(), null)));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private X509v3CertificateBuilder builder(X500Name subject, KeyPair subjectKeys) {
        Instant now = Instant.now();
        return new JcaX509v3CertificateBuilder(
                name,
                new BigInteger(100, new SecureRandom()),
                Date.from(now.minus(Duration.ofHours(1))),
                Date.from(now.plus(Duration.ofDays(1))),
                subject,
                subjectKeys.getPublic());
    }

    private Object sign(X509v3CertificateBuilder builder) {
        try {
            return builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()));
        } catch (OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyPair keys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String pem(Object object) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(object);
        }
        return text.toString();
    }
}
