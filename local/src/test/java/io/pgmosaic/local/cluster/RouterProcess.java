package io.pgmosaic.local.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.Secret;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A router outside of any pod, whose files outlive it. */
final class RouterProcess implements AutoCloseable {
    private final Process process;
    private final int port;
    private final Path log;
    private final HttpClient http = HttpClient.newHttpClient();

    private RouterProcess(Process process, int port, Path log) {
        this.process = process;
        this.port = port;
        this.log = log;
    }

    /**
     * Starts it.
     *
     * @param operators base URLs, comma separated
     * @param state where it keeps what it knows
     */
    static RouterProcess start(LocalCluster local, String cluster, String operators, Path state) throws IOException {
        Path secret = Files.createDirectories(state.resolve("secret"));
        Secret given = local.client()
                .secrets()
                .inNamespace(TestCluster.NAMESPACE)
                .withName(cluster + "-router")
                .require();
        for (Map.Entry<String, String> file : given.getData().entrySet()) {
            Files.write(secret.resolve(file.getKey()), Base64.getDecoder().decode(file.getValue()));
        }
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        ProcessBuilder builder = new ProcessBuilder(
                Distribution.locate().router().resolve("bin/pgmosaic-router").toString());
        builder.environment()
                .putAll(Map.of(
                        "PGMOSAIC_NAMESPACE",
                        TestCluster.NAMESPACE,
                        "PGMOSAIC_CLUSTER",
                        cluster,
                        "PGMOSAIC_TOPOLOGY_URLS",
                        operators,
                        "PGMOSAIC_ROUTER_SECRET_DIR",
                        secret.toString(),
                        "PGMOSAIC_STATE_DIR",
                        state.toString(),
                        "PGMOSAIC_HTTP_PORT",
                        Integer.toString(port)));
        Path log = state.resolve("router.log");
        builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        return new RouterProcess(builder.start(), port, log);
    }

    /** What it logged, and how often it asked whom. */
    String account() {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                    .build();
            return Files.readString(log)
                    + http.send(request, HttpResponse.BodyHandlers.ofString())
                            .body()
                            .lines()
                            .filter(line -> line.startsWith("pgmosaic_router_prob"))
                            .collect(Collectors.joining("\n"));
        } catch (IOException e) {
            return e.toString();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return e.toString();
        }
    }

    /** What it says of the first shard; an empty object while it says nothing. */
    JsonNode shard() throws InterruptedException {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/shards"))
                    .timeout(Duration.ofSeconds(10))
                    .build();
            return new JsonMapper()
                    .readTree(http.send(request, HttpResponse.BodyHandlers.ofString())
                            .body())
                    .path("shards")
                    .path(0);
        } catch (IOException notYet) {
            return new JsonMapper().createObjectNode();
        }
    }

    /** Ends it in good order. */
    @Override
    public void close() {
        http.close();
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
