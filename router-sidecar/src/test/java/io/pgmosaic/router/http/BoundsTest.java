package io.pgmosaic.router.http;

import io.pgmosaic.router.app.TrafficSettings;
import io.pgmosaic.router.harness.InformedRouter;
import io.pgmosaic.router.harness.RunningRouter;
import io.pgmosaic.router.harness.Topologies;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import static io.pgmosaic.router.harness.Topologies.headless;
import static io.pgmosaic.router.harness.Topologies.healthy;
import static io.pgmosaic.router.harness.Topologies.map;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Nothing that clients can make grow grows without a bound, and who is turned away is told so. */
class BoundsTest {
    private static final String WAITING = "/v1/route?table=orders&key=42&wait=30000";

    @Test
    void boundsLookupsThatWaitForAShardAndWakesThoseOfItAlone(@TempDir Path folder) throws Exception {
        TrafficSettings few = new TrafficSettings(10, false, 5, 100, 1);
        try (InformedRouter informed = InformedRouter.start(
                        folder, Topologies.of(map(1), healthy("s0", 1), headless("s1", 1, "gone")), few);
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            RunningRouter router = informed.router();
            List<CompletableFuture<RunningRouter.Reply>> waiting = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                waiting.add(CompletableFuture.supplyAsync(() -> router.get(WAITING), clients));
            }
            // Five wait; whoever comes then is answered at once, and so is one of the other shard.
            await().until(() ->
                    router.get("/v1/route?table=orders&key=42&wait=1000").status() == 503
                            && waiting.stream().noneMatch(CompletableFuture::isDone));
            informed.operator().publish(Topologies.of(map(1), healthy("s0", 2), headless("s1", 1, "gone")));
            await().until(() -> router.text("/metrics").contains("pgmosaic_router_shard_term{shard_id=\"s0\"} 2.0"));
            assertThat(waiting).noneMatch(CompletableFuture::isDone);
            informed.operator().publish(Topologies.of(map(1), healthy("s0", 2), healthy("s1", 2)));
            for (CompletableFuture<RunningRouter.Reply> reply : waiting) {
                assertThat(reply.get().status()).isEqualTo(200);
                assertThat(reply.get().body().at("/term").asInt()).isEqualTo(2);
            }
        }
    }

    @Test
    void boundsBatchesAndGivesTheirPlacesBack(@TempDir Path folder) throws IOException {
        TrafficSettings one = new TrafficSettings(10, false, 5, 100, 1);
        try (InformedRouter informed = InformedRouter.start(folder, Topologies.healthy(), one)) {
            RunningRouter router = informed.router();
            String batch = "{\"table\": \"orders\", \"keys\": [1]}";
            try (Socket slow = new Socket(InetAddress.getLoopbackAddress(), router.port())) {
                slow.getOutputStream()
                        .write("POST /v1/route HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{".getBytes(UTF_8));
                await().until(() -> router.post("/v1/route", batch).status() == 503);
                RunningRouter.Reply refused = router.post("/v1/route", batch);
                assertThat(refused.body().at("/type").asText()).isEqualTo("urn:pgmosaic:problem:router-busy");
                assertThat(refused.headers()).containsKey("retry-after");
                assertThat(router.get("/v1/route?table=orders&key=1").status()).isEqualTo(200);
            }
            await().until(() -> router.post("/v1/route", batch).status() == 200);
            for (int i = 0; i < 3; i++) {
                assertThat(router.post("/v1/route", "nothing").status()).isEqualTo(400);
                assertThat(router.post("/v1/route", batch).status()).isEqualTo(200);
            }
        }
    }

    @Test
    void boundsConnections(@TempDir Path folder) throws IOException {
        TrafficSettings two = new TrafficSettings(10, false, 5, 20, 1);
        try (InformedRouter informed = InformedRouter.start(folder, Topologies.healthy(), two)) {
            List<Socket> held = new ArrayList<>();
            try {
                for (int i = 0; i < 20; i++) {
                    held.add(new Socket(
                            InetAddress.getLoopbackAddress(), informed.router().port()));
                }
                await().until(() -> answer(informed.router().port()).startsWith("HTTP/1.1 503"));
            } finally {
                for (Socket socket : held) {
                    socket.close();
                }
            }
            await().until(() -> answer(informed.router().port()).startsWith("HTTP/1.1 200"));
        }
    }

    private static String answer(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write("GET /livez HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(UTF_8));
            String line = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8)).readLine();
            return line == null ? "" : line;
        }
    }
}
