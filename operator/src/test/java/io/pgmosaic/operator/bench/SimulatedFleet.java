package io.pgmosaic.operator.bench;

import io.pgmosaic.operator.pki.CertificateAuthority;
import io.pgmosaic.operator.pki.CertifiedKey;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The instances of many shards in a process of their own, so that what they cost is not counted with what observes them.
 * Each has its shard's addresses, which is why the machine must answer at all of 127.0.0.0/8, as Linux does.
 */
final class SimulatedFleet implements AutoCloseable {
    static final int INSTANCES_PER_SHARD = 3;

    /** What it prints once every instance can be asked. */
    private static final String READY = "ready ";

    private final Process process;
    private final int port;

    private SimulatedFleet(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** The one port of all instances. */
    int port() {
        return port;
    }

    static String address(int shard, int ordinal) {
        return "127.1." + shard + '.' + (ordinal + 1);
    }

    static String instance(int shard, int ordinal) {
        return "orders-s" + shard + '-' + ordinal;
    }

    static String service(int shard) {
        return "orders-s" + shard + ".shop.svc";
    }

    /** @param identity the certificate authority that vouches for the instances */
    static SimulatedFleet start(int shards, CertifiedKey identity) throws IOException {
        Path folder = Files.createTempDirectory("pgmosaic-fleet");
        Path certificate = Files.writeString(folder.resolve("ca.crt"), identity.certificate());
        Path key = Files.writeString(folder.resolve("ca.key"), identity.key());
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-Dsun.net.httpserver.nodelay=true",
                        "-Dsun.net.httpserver.maxIdleConnections=" + shards * INSTANCES_PER_SHARD,
                        "-cp",
                        System.getProperty("java.class.path"),
                        SimulatedFleet.class.getName(),
                        Integer.toString(shards),
                        certificate.toString(),
                        key.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            String said = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))
                    .readLine();
            if (said == null || !said.startsWith(READY)) {
                throw new IOException("the simulated instances did not start: " + said);
            }
            return new SimulatedFleet(process, Integer.parseInt(said.substring(READY.length())));
        } catch (IOException e) {
            process.destroyForcibly();
            throw e;
        } finally {
            Files.delete(certificate);
            Files.delete(key);
            Files.delete(folder);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    /** The other process: it runs until the end of its input, which is that of the one that started it. */
    public static void main(String[] args) throws IOException, GeneralSecurityException {
        CertificateAuthority authority = CertificateAuthority.of(
                new CertifiedKey(Files.readString(Path.of(args[1])), Files.readString(Path.of(args[2]))));
        int port = 0;
        for (int shard = 0; shard < Integer.parseInt(args[0]); shard++) {
            CertifiedKey certificate =
                    authority.issueServer(List.of(service(shard)), Instant.now(), Duration.ofHours(1));
            for (int ordinal = 0; ordinal < INSTANCES_PER_SHARD; ordinal++) {
                port = SimulatedInstance.start(
                        shard, ordinal, address(shard, ordinal), port, authority.certificatePem(), certificate);
            }
        }
        System.out.println(READY + port);
        System.out.flush();
        System.in.transferTo(OutputStream.nullOutputStream());
        System.exit(0);
    }
}
