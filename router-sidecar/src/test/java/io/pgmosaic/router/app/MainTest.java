package io.pgmosaic.router.app;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgmosaic.protocol.Json;
import io.pgmosaic.protocol.topology.Replica;
import io.pgmosaic.protocol.topology.ShardTopology;
import io.pgmosaic.protocol.topology.TopologyEvent;
import io.pgmosaic.router.harness.FakeOperator;
import io.pgmosaic.router.harness.RunningRouter;
import io.pgmosaic.router.harness.TestAuthority;
import io.pgmosaic.router.harness.Topologies;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The router as a process of its own. */
class MainTest {
    @TempDir
    Path folder;

    private final List<Process> processes = new ArrayList<>();
    private final TestAuthority authority = new TestAuthority();

    @AfterEach
    void end() throws InterruptedException {
        for (Process process : processes) {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void saysInOneLineWhichSettingIsMissing() throws Exception {
        Process process = start(Map.of("PGMOSAIC_NAMESPACE", "shop"));
        assertThat(exitCode(process)).isEqualTo(2);
        assertThat(output()).isEqualTo("pgmosaic-router: PGMOSAIC_CLUSTER is not set\n");
    }

    @Test
    void endsWhenItCannotListen() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Process process = start(environment("https://127.0.0.1:1", taken.getLocalPort()));
            assertThat(exitCode(process)).isEqualTo(1);
            assertThat(lines().getLast().at("/message").asText()).isEqualTo("cannot listen");
            assertThat(lines().getLast().at("/cause").asText()).contains("already in use");
            assertThat(lines().getLast().at("/port").asInt()).isEqualTo(taken.getLocalPort());
        }
    }

    @Test
    void finishesWhatIsInFlightAndStoresWhatItKnowsOnSigterm() throws Exception {
        try (FakeOperator operator = new FakeOperator(
                authority.serverContext("pgmosaic-operator-topology"),
                RunningRouter.TOKEN,
                Topologies.NAMESPACE,
                Topologies.CLUSTER)) {
            operator.publish(Topologies.healthy());
            Process process = start(environment(operator.url().toString(), 0));
            await().until(() -> lines().stream()
                    .anyMatch(line -> line.at("/message").asText().startsWith("receiving")));
            await().atMost(Duration.ofSeconds(60)).until(() -> listening().isPresent());
            int port = listening().orElseThrow();
            await().atMost(Duration.ofSeconds(60)).until(() -> isReady(port));
            operator.send(new TopologyEvent.ShardChanged(new ShardTopology(
                    "s1",
                    1,
                    Topologies.server("s1", 0),
                    List.of(new Replica(Topologies.server("s1", 1), 777L)),
                    null)));
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> get(port, "/v1/shards").contains("777"));
            String body = "{\"table\":\"orders\",\"keys\":[42]}";
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.setSoTimeout(20_000);
                socket.getOutputStream()
                        .write(("POST /v1/route HTTP/1.1\r\nHost: x\r\nContent-Length: " + body.length() + "\r\n\r\n{")
                                .getBytes(US_ASCII));
                await().until(() -> isRead(port, socket.getLocalPort()));
                process.destroy();
                await().until(() -> refusesConnections(port));
                socket.getOutputStream().write(body.substring(1).getBytes(US_ASCII));
                assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
                        .startsWith("HTTP/1.1 200 ")
                        .contains("\"results\":[{\"shard\":\"s1\"}]");
            }
            assertThat(exitCode(process)).isZero();
        }
        assertThat(lines().getLast().at("/message").asText()).isEqualTo("stopped");
        assertThat(lines()).allSatisfy(line -> {
            assertThat(line.at("/ts").asText()).endsWith("Z");
            assertThat(line.at("/level").asText()).isIn("info", "warn", "error");
            assertThat(line.at("/namespace").asText()).isEqualTo("shop");
            assertThat(line.at("/cluster").asText()).isEqualTo("orders");
        });
        assertThat(Files.readString(folder.resolve("state/topology.json"))).contains("777");
    }

    private Optional<Integer> listening() throws IOException {
        return lines().stream()
                .filter(line -> line.at("/message").asText().equals("listening"))
                .map(line -> line.at("/port").asInt())
                .findFirst();
    }

    private static boolean isReady(int port) throws IOException {
        return get(port, "/readyz").startsWith("HTTP/1.1 200 ");
    }

    private static String get(int port, String path) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").getBytes(US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }

    /** Whether the server has taken from the kernel all that the client has sent, by the kernel's own table. */
    private static boolean isRead(int server, int client) throws IOException {
        String ends = String.format("[0-9A-F]+:%04X [0-9A-F]+:%04X", server, client);
        for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            for (String line : Files.readAllLines(Path.of(table))) {
                if (line.matches("\\s*\\d+: " + ends + " 01 [0-9A-F]{8}:0{8} .*")) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean refusesConnections(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return !socket.isConnected();
        } catch (IOException refused) {
            return true;
        }
    }

    private Map<String, String> environment(String operator, int port) {
        RunningRouter.secret(folder, authority.caPem(), RunningRouter.TOKEN);
        return Map.of(
                "PGMOSAIC_NAMESPACE",
                Topologies.NAMESPACE,
                "PGMOSAIC_CLUSTER",
                Topologies.CLUSTER,
                "PGMOSAIC_TOPOLOGY_URLS",
                operator,
                "PGMOSAIC_ROUTER_SECRET_DIR",
                folder.resolve("secret").toString(),
                "PGMOSAIC_STATE_DIR",
                folder.resolve("state").toString(),
                "PGMOSAIC_HTTP_PORT",
                Integer.toString(port));
    }

    private Process start(Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName());
        Map<String, String> inherited = new HashMap<>(builder.environment());
        inherited.keySet().stream().filter(name -> name.startsWith("PGMOSAIC_")).forEach(builder.environment()::remove);
        builder.environment().putAll(environment);
        builder.redirectErrorStream(false)
                .redirectError(folder.resolve("stderr").toFile())
                .redirectOutput(folder.resolve("stdout").toFile());
        Process process = builder.start();
        processes.add(process);
        return process;
    }

    private static int exitCode(Process process) throws InterruptedException {
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("it ends").isTrue();
        return process.exitValue();
    }

    private String output() throws IOException {
        return Files.readString(folder.resolve("stdout")) + Files.readString(folder.resolve("stderr"));
    }

    /** What was logged so far; a line that is being written is left out. */
    private List<JsonNode> lines() throws IOException {
        String text = Files.readString(folder.resolve("stdout"));
        List<JsonNode> lines = new ArrayList<>();
        for (String line : text.substring(0, text.lastIndexOf("\n") + 1).lines().toList()) {
            if (!line.isEmpty()) {
                lines.add(Json.read(line.getBytes(UTF_8), JsonNode.class));
            }
        }
        return lines;
    }
}
