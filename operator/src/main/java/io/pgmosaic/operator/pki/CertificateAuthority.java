package io.pgmosaic.operator.pki;

import io.pgmosaic.protocol.tls.Pem;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;

/** Signs certificates for servers and clients of one cluster, or of the operator's own endpoints. */
public final class CertificateAuthority {
    /** The subject that an instance manager takes commands from. */
    public static final String OPERATOR_SUBJECT = "CN=operator,O=pgmosaic";

    private static final String SERVER_SUBJECT = "CN=server,O=pgmosaic";

    /** Certificates begin this much in the past, for peers whose clock is behind. */
    private static final Duration CLOCK_SKEW = Duration.ofMinutes(5);

    private static final String SIGNATURE = "SHA256withECDSA";

    private static final SecureRandom RANDOM = new SecureRandom();

    private final X509Certificate certificate;
    private final PrivateKey key;
    private final String certificatePem;

    private CertificateAuthority(X509Certificate certificate, PrivateKey key, String certificatePem) {
        this.certificate = certificate;
        this.key = key;
        this.certificatePem = certificatePem;
    }

    /**
     * Reads a stored authority.
     *
     * @throws GeneralSecurityException when the PEM texts do not hold an authority's certificate and its key
     */
    public static CertificateAuthority of(CertifiedKey stored) throws GeneralSecurityException {
        X509Certificate certificate = Pem.certificates(stored.certificate()).getFirst();
        if (certificate.getBasicConstraints() < 0) {
            throw new GeneralSecurityException(
                    "the certificate of " + certificate.getSubjectX500Principal() + " is no authority's");
        }
        PrivateKey key = Pem.privateKey(stored.key());
        KeyFit.require(certificate, key);
        return new CertificateAuthority(certificate, key, stored.certificate());
    }

    /** Makes a new self-signed authority; the caller stores it before anything is signed with it. */
    public static CertifiedKey create(String commonName, Instant now, Duration lifetime) {
        KeyPair keys = newKeys();
        X500Name name = new X500Name("CN=" + commonName + ",O=pgmosaic");
        return sign(name, name, keys, keys.getPrivate(), null, now, lifetime, (builder, utils) -> {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            builder.addExtension(
                    Extension.subjectKeyIdentifier, false, utils.createSubjectKeyIdentifier(keys.getPublic()));
        });
    }

    /** A certificate for a TLS server that is reached under these DNS names; its subject names none of them. */
    public CertifiedKey issueServer(List<String> dnsNames, Instant now, Duration lifetime) {
        ExtendedKeyUsage purpose = new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth);
        return issue(SERVER_SUBJECT, purpose, names(dnsNames), now, lifetime);
    }

    /** As {@link #issueServer}, and good for a client too: the instances of a shard ask each other. */
    public CertifiedKey issueInstance(List<String> dnsNames, Instant now, Duration lifetime) {
        KeyPurposeId[] both = {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth};
        return issue(SERVER_SUBJECT, new ExtendedKeyUsage(both), names(dnsNames), now, lifetime);
    }

    private static GeneralNames names(List<String> dnsNames) {
        return new GeneralNames(dnsNames.stream()
                .map(name -> new GeneralName(GeneralName.dNSName, name))
                .toArray(GeneralName[]::new));
    }

    /** A certificate with which the operator commands instance managers. */
    public CertifiedKey issueOperatorClient(Instant now, Duration lifetime) {
        return issue(OPERATOR_SUBJECT, new ExtendedKeyUsage(KeyPurposeId.id_kp_clientAuth), null, now, lifetime);
    }

    public String certificatePem() {
        return certificatePem;
    }

    public X509Certificate certificate() {
        return certificate;
    }

    private CertifiedKey issue(
            String subject, ExtendedKeyUsage purposes, @Nullable ASN1Encodable names, Instant now, Duration lifetime) {
        KeyPair keys = newKeys();
        X500Name issuer =
                X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
        return sign(
                issuer,
                new X500Name(subject),
                keys,
                key,
                certificate.getPublicKey(),
                now,
                lifetime,
                (builder, utils) -> {
                    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
                    builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
                    builder.addExtension(Extension.extendedKeyUsage, false, purposes);
                    if (names != null) {
                        builder.addExtension(Extension.subjectAlternativeName, false, names);
                    }
                });
    }

    private interface Extensions {
        void addTo(X509v3CertificateBuilder builder, JcaX509ExtensionUtils utils)
                throws IOException, GeneralSecurityException;
    }

    private static CertifiedKey sign(
            X500Name issuer,
            X500Name subject,
            KeyPair keys,
            PrivateKey signingKey,
            @Nullable PublicKey issuerKey,
            Instant now,
            Duration lifetime,
            Extensions extensions) {
        try {
            X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    issuer,
                    new BigInteger(127, RANDOM),
                    Date.from(now.minus(CLOCK_SKEW)),
                    Date.from(now.plus(lifetime)),
                    subject,
                    keys.getPublic());
            JcaX509ExtensionUtils utils = new JcaX509ExtensionUtils();
            extensions.addTo(builder, utils);
            if (issuerKey != null) {
                builder.addExtension(
                        Extension.authorityKeyIdentifier, false, utils.createAuthorityKeyIdentifier(issuerKey));
            }
            ContentSigner signer = new JcaContentSignerBuilder(SIGNATURE).build(signingKey);
            X509CertificateHolder holder = builder.build(signer);
            return new CertifiedKey(pem(holder), pem(new JcaPKCS8Generator(keys.getPrivate(), null)));
        } catch (IOException e) {
            throw new UncheckedIOException("a certificate cannot be encoded", e);
        } catch (OperatorCreationException | GeneralSecurityException e) {
            throw new IllegalStateException("this Java platform cannot sign with ECDSA", e);
        }
    }

    private static KeyPair newKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has P-256", e);
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
