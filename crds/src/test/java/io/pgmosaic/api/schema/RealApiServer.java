package io.pgmosaic.api.schema;

import org.awaitility.Awaitility;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** etcd and kube-apiserver from a folder of binaries, on loopback; ended by {@link #close}, and with this JVM. */
public final class RealApiServer implements AutoCloseable {
    private static final String TOKEN = "test-administrator";

    private final List<Process> processes = new ArrayList<>();
    private final Thread ender = new Thread(this::end);
    private final URI base;
    private final Path directory;
    private final HttpClient client;

    /**
     * @param assets the folder of binaries
     * @param directory for certificates, data and logs
     */
    public RealApiServer(Path assets, Path directory) throws IOException, GeneralSecurityException {
        this.directory = directory;
        Runtime.getRuntime().addShutdownHook(ender);
        int etcd = freePort();
        int peer = freePort();
        int api = freePort();
        base = URI.create("https://127.0.0.1:" + api);
        try {
            start(
                    directory,
                    assets.resolve("etcd").toString(),
                    "--data-dir=" + directory.resolve("etcd"),
                    "--unsafe-no-fsync",
                    "--listen-client-urls=http://127.0.0.1:" + etcd,
                    "--advertise-client-urls=http://127.0.0.1:" + etcd,
                    "--listen-peer-urls=http://127.0.0.1:" + peer);
            serviceAccountKeys(directory);
            Files.writeString(directory.resolve("tokens.csv"), TOKEN + ",admin,admin,system:masters\n");
            start(
                    directory,
                    assets.resolve("kube-apiserver").toString(),
                    "--etcd-servers=http://127.0.0.1:" + etcd,
                    "--bind-address=127.0.0.1",
                    "--secure-port=" + api,
                    "--cert-dir=" + directory.resolve("certificates"),
                    "--token-auth-file=" + directory.resolve("tokens.csv"),
                    "--authorization-mode=RBAC",
                    "--service-cluster-ip-range=10.0.0.0/24",
                    "--service-account-issuer=https://kubernetes.default.svc",
                    "--service-account-key-file=" + directory.resolve("sa.pub"),
                    "--service-account-signing-key-file=" + directory.resolve("sa.key"));
            client = HttpClient.newBuilder()
                    .sslContext(trusting(directory.resolve("certificates/apiserver.crt")))
                    .build();
            Awaitility.await("kube-apiserver is ready, see " + directory)
                    .atMost(Duration.ofMinutes(2))
                    .pollInterval(Duration.ofMillis(200))
                    .ignoreExceptions()
                    .until(() -> send("GET", "/readyz", "").statusCode() == 200);
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            close();
            throw e;
        }
    }

    public URI url() {
        return base;
    }

    /** The bearer token of the administrator. */
    public String token() {
        return TOKEN;
    }

    /** Whom to trust, in PEM. */
    public Path certificate() {
        return directory.resolve("certificates/apiserver.crt");
    }

    /** Sends JSON and returns what the server answers. */
    public HttpResponse<String> send(String method, String path, String json) {
        return send(method, path, "application/json", json);
    }

    /**
     * Applies on the server's side.
     *
     * @param fieldManager who does it; further parameters may follow
     */
    public HttpResponse<String> apply(String path, String fieldManager, String json) {
        return send("PATCH", path + "?fieldManager=" + fieldManager, "application/apply-patch+yaml", json);
    }

    private HttpResponse<String> send(String method, String path, String type, String json) {
        HttpRequest request = HttpRequest.newBuilder(base.resolve(path))
                .timeout(Duration.ofMinutes(1))
                .header("Authorization", "Bearer " + TOKEN)
                .header("Content-Type", type)
                .method(method, HttpRequest.BodyPublishers.ofString(json))
                .build();
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    @Override
    public void close() {
        end();
        Runtime.getRuntime().removeShutdownHook(ender);
    }

    private void end() {
        processes.reversed().forEach(Process::destroyForcibly);
    }

    private void start(Path directory, String... command) throws IOException {
        Path log = directory.resolve(Path.of(command[0]).getFileName() + ".log");
        processes.add(new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start());
    }

    /** The server signs its own certificate at its start. */
    private static SSLContext trusting(Path certificate) throws IOException, GeneralSecurityException {
        Awaitility.await("kube-apiserver has a certificate")
                .atMost(Duration.ofMinutes(1))
                .until(() -> Files.isRegularFile(certificate) && Files.size(certificate) > 0);
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        try (InputStream pem = Files.newInputStream(certificate)) {
            int number = 0;
            for (var found : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
                trusted.setCertificateEntry("certificate-" + number++, found);
            }
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    private static void serviceAccountKeys(Path directory) throws IOException, GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        KeyPair keys = generator.generateKeyPair();
        Files.writeString(
                directory.resolve("sa.key"),
                pem("PRIVATE KEY", keys.getPrivate().getEncoded()));
        Files.writeString(
                directory.resolve("sa.pub"), pem("PUBLIC KEY", keys.getPublic().getEncoded()));
    }

    private static String pem(String label, byte[] content) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content)
                + "\n-----END " + label + "-----\n";
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
