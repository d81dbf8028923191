package io.pgmosaic.router.topology;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgmosaic.protocol.Json;
import io.pgmosaic.protocol.topology.TopologyEvent;
import io.pgmosaic.router.harness.FakeOperator;
import io.pgmosaic.router.harness.RunningRouter;
import io.pgmosaic.router.harness.TestAuthority;
import io.pgmosaic.router.harness.Topologies;
import io.pgmosaic.routing.recipe.MapRecipe;
import io.pgmosaic.routing.recipe.PlacementRecipe;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import static io.pgmosaic.router.harness.Topologies.headless;
import static io.pgmosaic.router.harness.Topologies.healthy;
import static io.pgmosaic.router.harness.Topologies.map;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What becomes of a router when operators come, go, lie and contradict each other. Key 42 of orders lives on s1. */
class TopologyLifeTest {
    private static final String LOOKUP = "/v1/route?table=orders&key=42";
    private static final String OPERATOR = "pgmosaic-operator-topology";

    @TempDir
    Path folder;

    private final TestAuthority authority = new TestAuthority();
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable resource : open) {
            resource.close();
        }
    }

    @Test
    void answersOnceAnOperatorHasSpoken() {
        FakeOperator operator = operator(OPERATOR);
        RunningRouter router = router(operator);
        await().until(() -> operator.openStreams() == 1);
        assertThat(router.get("/livez").status()).isEqualTo(200);
        for (String path : new String[] {LOOKUP, "/v1/shards", "/v1/map", "/readyz"}) {
            RunningRouter.Reply reply = router.get(path);
            assertThat(reply.status()).as(path).isEqualTo(503);
            assertThat(reply.body().at("/title").asText()).isEqualTo("no topology yet");
            assertThat(reply.headers()).containsKey("retry-after");
        }
        assertThat(router.post("/v1/route", "{\"table\":\"orders\",\"keys\":[1]}")
                        .status())
                .isEqualTo(503);

        operator.publish(Topologies.healthy());
        await().until(() -> router.get(LOOKUP).status() == 200);
        assertThat(router.get("/readyz").body().at("/source").asText()).isEqualTo("live");
    }

    @Test
    void followsChangesAndIgnoresOlderOnes() {
        FakeOperator operator = operator(OPERATOR);
        operator.publish(Topologies.healthy());
        RunningRouter router = router(operator);
        awaitTerm(router, 1);

        operator.send(new TopologyEvent.ShardChanged(headless("s1", 2, "its primary failed")));
        await().until(() -> router.get(LOOKUP).status() == 503);
        operator.send(new TopologyEvent.ShardChanged(healthy("s1", 3)));
        awaitTerm(router, 3);

        operator.send(new TopologyEvent.ShardChanged(headless("s1", 2, "old news")));
        operator.send(new TopologyEvent.ShardChanged(healthy("s0", 9)));
        await().until(() -> shard(router, "s0").at("/term").asLong() == 9);
        assertThat(router.get(LOOKUP).body().at("/term").asLong()).isEqualTo(3);
        assertThat(router.log()).contains("ignored older news of a shard");
    }

    @Test
    void aLookupThatWaitsIsAnsweredOnceTheShardHasAPrimaryAgain() {
        FakeOperator operator = operator(OPERATOR);
        operator.publish(Topologies.healthy());
        RunningRouter router = router(operator);
        awaitTerm(router, 1);
        operator.send(new TopologyEvent.ShardChanged(headless("s1", 2, "its primary failed")));
        await().until(() -> router.get(LOOKUP).status() == 503);

        CompletableFuture<RunningRouter.Reply> waiting =
                CompletableFuture.supplyAsync(() -> router.get(LOOKUP + "&wait=30000"));
        CompletableFuture<RunningRouter.Reply> another =
                CompletableFuture.supplyAsync(() -> router.get(LOOKUP + "&wait=30000"));
        // News that bring no primary answer nobody.
        operator.send(new TopologyEvent.ShardChanged(headless("s1", 3, "its primary is promoted")));
        await().until(() -> router.get(LOOKUP).body().at("/term").asLong() == 3);
        assertThat(waiting).isNotDone();
        operator.send(new TopologyEvent.ShardChanged(healthy("s1", 3)));
        assertThat(waiting.join().status()).isEqualTo(200);
        assertThat(waiting.join().body().at("/term").asLong()).isEqualTo(3);
        assertThat(another.join().body()).isEqualTo(waiting.join().body());
    }

    @Test
    void aLookupThatWaitsIsAnsweredOnceATopologyIsKnown() {
        FakeOperator operator = operator(OPERATOR);
        RunningRouter router = router(operator);
        await().until(() -> operator.openStreams() == 1);
        CompletableFuture<RunningRouter.Reply> waiting =
                CompletableFuture.supplyAsync(() -> router.get(LOOKUP + "&wait=30000"));
        operator.publish(Topologies.healthy());
        assertThat(waiting.join().status()).isEqualTo(200);
        assertThat(router.get(LOOKUP + "&wait=30000").status()).isEqualTo(200);
    }

    @Test
    void answersOnWithoutOperatorAndAfterARestartWithoutOne() {
        FakeOperator operator = operator(OPERATOR);
        operator.publish(Topologies.of(map(7), healthy("s0", 4), healthy("s1", 5)));
        RunningRouter router = router(operator);
        awaitTerm(router, 5);
        JsonNode answer = router.get(LOOKUP).body();

        operator.close();
        await().until(() -> !router.get("/readyz").body().at("/connected").asBoolean());
        assertThat(router.get(LOOKUP).body()).isEqualTo(answer);
        router.close();

        RunningRouter restarted = router(operator);
        assertThat(restarted.get(LOOKUP).body()).isEqualTo(answer);
        JsonNode ready = restarted.get("/readyz").body();
        assertThat(ready.at("/source").asText()).isEqualTo("disk");
        assertThat(ready.at("/connected").asBoolean()).isFalse();
        assertThat(ready.at("/ageMillis").asLong()).isNotNegative();
    }

    @Test
    void remembersTermsAcrossARestart() {
        FakeOperator ahead = operator(OPERATOR);
        ahead.publish(Topologies.of(map(2), healthy("s0", 8), healthy("s1", 9)));
        RunningRouter router = router(ahead);
        awaitTerm(router, 9);
        router.close();
        ahead.close();

        FakeOperator behind = operator(OPERATOR);
        behind.publish(Topologies.of(map(2), healthy("s0", 8), headless("s1", 6, "old news")));
        RunningRouter restarted = router(behind);
        await().until(() -> restarted.log().contains("ignored older news of a shard"));
        assertThat(restarted.get(LOOKUP).body().at("/term").asLong()).isEqualTo(9);
    }

    /** A crash right after the first answer with a term must not make the router forget it. */
    @Test
    void storesAHigherTermBeforeItAnswersWithIt() throws IOException {
        FakeOperator operator = operator(OPERATOR);
        operator.publish(Topologies.healthy());
        RunningRouter router = router(operator);
        awaitTerm(router, 1);
        for (long term = 2; term < 30; term++) {
            operator.send(new TopologyEvent.ShardChanged(healthy("s1", term)));
            awaitTerm(router, term);
            assertThat(Files.readString(stateFile())).contains("\"s1\":" + term);
        }
    }

    @Test
    void startsOverWhenTheClusterWasMadeAnew() {
        FakeOperator operator = operator(OPERATOR);
        operator.publish(Topologies.of(map(5), healthy("s0", 8), healthy("s1", 9)));
        RunningRouter router = router(operator);
        awaitTerm(router, 9);
        operator.publish(Topologies.of("another-uid", map(1), healthy("s0", 1), healthy("s1", 1)));
        awaitTerm(router, 1);
        assertThat(router.log()).contains("made anew");
    }

    @Test
    void goesOnAfterLinesThatAreNoTopology() {
        FakeOperator operator = operator(OPERATOR);
        operator.publish(Topologies.healthy());
        RunningRouter router = router(operator);
        awaitTerm(router, 1);
        for (String line : new String[] {
            "nonsense",
            "{}",
            "null",
            "{\"type\":\"of-the-future\"}",
            "{\"type\":\"snapshot\"}",
            "{\"type\":\"snapshot\",\"topology\":{}}",
            "{\"type\":\"shard\"}",
            "{\"type\":\"shard\",\"shard\":{\"shard\":\"s1\"}}"
        }) {
            operator.sendRaw(line + "\n");
        }
        operator.send(new TopologyEvent.Snapshot(Topologies.of(
                new MapRecipe(2, null, List.of(PlacementRecipe.ring(List.of(), 150)), List.of()), healthy("s1", 4))));
        operator.send(new TopologyEvent.ShardChanged(healthy("s1", 2)));
        awaitTerm(router, 2);
        assertThat(router.get("/readyz").body().at("/mapVersion").asLong()).isEqualTo(1);
        assertThat(router.text("/metrics")).contains("pgmosaic_router_topology_rejected_total 9.0");
    }

    @Test
    void refusesATopologyOfAnotherCluster() throws IOException {
        Files.createDirectories(folder.resolve("state"));
        FakeOperator operator = new FakeOperator(
                authority.serverContext(OPERATOR), RunningRouter.TOKEN, Topologies.NAMESPACE, Topologies.CLUSTER);
        open.push(operator);
        RunningRouter router = router(operator);
        await().until(() -> operator.openStreams() == 1);
        String other = new String(Json.write(new TopologyEvent.Snapshot(Topologies.healthy())), UTF_8)
                .replace("\"cluster\":\"orders\"", "\"cluster\":\"other\"");
        operator.sendRaw(other + "\n");
        await().until(() -> router.log().contains("a topology of shop/other"));
        assertThat(router.get("/readyz").status()).isEqualTo(503);
    }

    @Test
    void reportsARefusedTokenAndTakesTheNextOne() throws IOException {
        FakeOperator operator = operator(OPERATOR);
        operator.publish(Topologies.healthy());
        operator.accept("rotated");
        RunningRouter router = router(operator);
        await().until(() -> operator.refused() > 0);
        await().until(() -> router.log().contains("401: the operator does not accept the token in"));
        assertThat(router.log()).contains("; it says: " + FakeOperator.REFUSAL).doesNotContain(RunningRouter.TOKEN);
        Files.writeString(folder.resolve("secret/token"), "rotated");
        await().until(() -> router.get("/readyz").status() == 200);
    }

    @Test
    void reportsAClusterThatTheOperatorDoesNotKnow() {
        FakeOperator operator =
                new FakeOperator(authority.serverContext(OPERATOR), RunningRouter.TOKEN, "shop", "other");
        open.push(operator);
        RunningRouter router = router(operator);
        await().until(() -> router.log().contains("404: the operator knows no ShardedCluster shop/orders"));
    }

    @Test
    void trustsNoOtherAuthorityAndNoOtherName() {
        FakeOperator ofAnotherAuthority = new FakeOperator(
                new TestAuthority().serverContext(OPERATOR),
                RunningRouter.TOKEN,
                Topologies.NAMESPACE,
                Topologies.CLUSTER);
        open.push(ofAnotherAuthority);
        ofAnotherAuthority.publish(Topologies.healthy());
        FakeOperator ofAnotherName = operator("localhost");
        ofAnotherName.publish(Topologies.healthy());
        RunningRouter router = router(ofAnotherAuthority, ofAnotherName);
        await().until(() -> router.log().contains(ofAnotherAuthority.url().toString())
                && router.log().contains(ofAnotherName.url().toString()));
        assertThat(router.log()).contains("no topology from the operator; still trying");
        assertThat(router.get("/readyz").status()).isEqualTo(503);
        assertThat(ofAnotherAuthority.openStreams() + ofAnotherName.openStreams())
                .isZero();
    }

    @Test
    void movesOnToTheNextOperator() {
        FakeOperator first = operator(OPERATOR);
        FakeOperator second = operator(OPERATOR);
        first.publish(Topologies.healthy());
        second.publish(Topologies.healthy());
        RunningRouter router = router(first, second);
        awaitTerm(router, 1);
        FakeOperator serving = first.openStreams() == 1 ? first : second;
        FakeOperator other = serving == first ? second : first;
        other.publish(Topologies.of(map(1), healthy("s0", 1), healthy("s1", 2)));
        serving.close();
        awaitTerm(router, 2);
    }

    @Test
    void givesUpASilentStream() {
        FakeOperator operator = operator(OPERATOR);
        operator.publish(Topologies.healthy());
        RunningRouter router = RunningRouter.start(secret(), Duration.ofMillis(300), operator.url());
        open.push(router);
        await().until(() -> router.log().contains("no line for 300 ms"));
        await().until(() -> router.get("/readyz").body().at("/connected").asBoolean());
    }

    @Test
    void heartbeatsKeepAStreamAndItsTopologyYoung() {
        FakeOperator operator = operator(OPERATOR);
        operator.publish(Topologies.healthy());
        RunningRouter router = RunningRouter.start(secret(), Duration.ofSeconds(2), operator.url());
        open.push(router);
        awaitTerm(router, 1);
        Instant end = Instant.now().plusSeconds(4);
        await().pollInterval(Duration.ofMillis(200))
                .atMost(Duration.ofSeconds(20))
                .until(() -> {
                    operator.send(new TopologyEvent.Heartbeat(Instant.now()));
                    return Instant.now().isAfter(end);
                });
        assertThat(router.log()).doesNotContain("no line for");
        await().until(() -> {
            operator.send(new TopologyEvent.Heartbeat(Instant.now()));
            return router.get("/readyz").body().at("/ageMillis").asLong() < 1_500;
        });
    }

    @Test
    void startsWithACorruptStateFile() throws IOException {
        Files.createDirectories(folder.resolve("state"));
        for (String content :
                new String[] {"", "{", "null", "{}", "{\"known\":{\"topology\":{},\"terms\":{}}}", "\u0000\u0001"}) {
            Files.writeString(stateFile(), content);
            FakeOperator silent = operator(OPERATOR);
            try (RunningRouter router = RunningRouter.start(secret(), silent.url())) {
                assertThat(router.get("/readyz").status()).as(content).isEqualTo(503);
                assertThat(router.log()).as(content).contains("ignored the topology on disk");
                assertThat(router.text("/metrics"))
                        .contains("pgmosaic_router_state_file_errors_total{operation=\"read\"} 1.0");
                silent.publish(Topologies.healthy());
                awaitTerm(router, 1);
            }
            silent.close();
        }
    }

    @Test
    void runsOnWhenTheStateCannotBeStored() throws IOException {
        Files.writeString(folder.resolve("state"), "a file where the folder should be");
        FakeOperator operator = operator(OPERATOR);
        operator.publish(Topologies.healthy());
        RunningRouter router = router(operator);
        awaitTerm(router, 1);
        assertThat(router.log()).contains("cannot store the topology on disk");
        assertThat(router.text("/metrics"))
                .containsPattern("pgmosaic_router_state_file_errors_total\\{operation=\"write\"} [1-9]");
    }

    private FakeOperator operator(String certificateName) {
        FakeOperator operator = new FakeOperator(
                authority.serverContext(certificateName),
                RunningRouter.TOKEN,
                Topologies.NAMESPACE,
                Topologies.CLUSTER);
        open.push(operator);
        return operator;
    }

    private RunningRouter router(FakeOperator... operators) {
        URI[] urls = Arrays.stream(operators).map(FakeOperator::url).toArray(URI[]::new);
        RunningRouter router = RunningRouter.start(secret(), urls);
        open.push(router);
        return router;
    }

    private Path secret() {
        if (Files.notExists(folder.resolve("secret"))) {
            RunningRouter.secret(folder, authority.caPem(), RunningRouter.TOKEN);
        }
        return folder;
    }

    private Path stateFile() {
        return folder.resolve("state/topology.json");
    }

    private static JsonNode shard(RunningRouter router, String name) {
        for (JsonNode shard : router.get("/v1/shards").body().at("/shards")) {
            if (shard.at("/shard").asText().equals(name)) {
                return shard;
            }
        }
        throw new AssertionError("no shard " + name);
    }

    private static void awaitTerm(RunningRouter router, long term) {
        await().until(() -> router.get(LOOKUP).body().at("/term").asLong() == term);
    }
}
