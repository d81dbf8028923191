package io.pgmosaic.router.http;

import io.pgmosaic.protocol.Lsn;
import io.pgmosaic.protocol.instance.LogPosition;
import io.pgmosaic.protocol.topology.ClusterTopology;
import io.pgmosaic.protocol.topology.Replica;
import io.pgmosaic.protocol.topology.RoutingPolicy;
import io.pgmosaic.protocol.topology.ShardTopology;
import io.pgmosaic.protocol.topology.TopologyEvent;
import io.pgmosaic.router.harness.InformedRouter;
import io.pgmosaic.router.harness.RunningRouter;
import io.pgmosaic.router.harness.RunningRouter.Reply;
import io.pgmosaic.router.harness.Topologies;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import static io.pgmosaic.router.http.GuaranteeReplies.READ;
import static io.pgmosaic.router.http.GuaranteeReplies.assertProblem;
import static io.pgmosaic.router.http.GuaranteeReplies.server;
import static io.pgmosaic.router.http.GuaranteeReplies.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Reads with a guarantee, of shard s1 in term 2: its primary is at 0/300, replica 1 told 0/200 and 20 ms, replica 2 told 0/100
 * and 4 s. The window of sessions is 100 ms.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GuaranteedLookupTest {
    private InformedRouter informed;
    private RunningRouter router;
    private int cluster;
    private int published;

    @BeforeAll
    void start(@TempDir Path folder) {
        informed = InformedRouter.start(folder, topology(usual()));
        router = informed.router();
    }

    @AfterAll
    void stop() {
        informed.close();
    }

    @BeforeEach
    void asUsual() {
        // Terms of one cluster never go down.
        cluster++;
        publish(usual());
    }

    @Test
    void aReadWithoutAGuaranteeIsAnsweredAsEver() {
        Reply reply = router.get(READ);
        assertThat(server(reply)).isEqualTo("orders-s1-1");
        assertThat(reply.body().has("consistency")).isFalse();
        assertThat(reply.body().has("position")).isFalse();
        assertThat(reply.body().has("reason")).isFalse();
    }

    @Test
    void eventualTakesTheLeastLaggingReplicaHoweverFarItIsBehind() {
        Reply reply = router.get(READ + "&consistency=eventual");
        assertThat(server(reply)).isEqualTo("orders-s1-1");
        assertThat(reply.body().at("/consistency").asText()).isEqualTo("eventual");
        assertThat(reply.body().at("/position/term").asLong()).isEqualTo(2);
        assertThat(reply.body().at("/position/lsn").asText()).isEqualTo("0/200");
        publish(shard(2, replica(1, null, "0/200"), replica(2, 3_600_000L, "0/100")));
        assertThat(server(router.get(READ + "&consistency=eventual"))).isEqualTo("orders-s1-2");
        publish(shard(2, replica(1, null, "0/200")));
        assertThat(server(router.get(READ + "&consistency=eventual"))).isEqualTo("orders-s1-1");
        publish(shard(2));
        Reply primary = router.get(READ + "&consistency=eventual");
        assertThat(server(primary)).isEqualTo("orders-s1-0");
        assertThat(primary.body().at("/reason").asText()).contains("no replica takes reads");
    }

    @Test
    void boundedTakesAReplicaWithinTheBoundElseThePrimaryAndSaysWhy() {
        // The lag grows with every moment in which the operator is not heard.
        assertThat(server(router.get(READ + "&consistency=bounded&maxLagMs=3600000")))
                .isEqualTo("orders-s1-1");
        Reply reply = router.get(READ + "&consistency=bounded&maxLagMs=10");
        assertThat(server(reply)).isEqualTo("orders-s1-0");
        assertThat(reply.body().at("/consistency").asText()).isEqualTo("bounded");
        assertThat(reply.body().at("/reason").asText()).contains("no replica is known to be within the bound");
        Reply waited = router.get(READ + "&consistency=bounded&maxLagMs=10&otherwise=wait&wait=50");
        assertProblem(waited, 503, "guarantee-unmet", "no replica is known to be within the bound");
        assertThat(waited.body().at("/shard").asText()).isEqualTo("s1");
        assertThat(waited.headers()).containsKey("retry-after");
        publish(shard(2, replica(1, null, "0/200")));
        assertThat(server(router.get(READ + "&consistency=bounded&maxLagMs=3600000")))
                .as("an unknown lag")
                .isEqualTo("orders-s1-0");
    }

    @Test
    void aReplicaThatLacksWhatThePrimaryHasHadForLongIsBehindWhateverItSays() throws InterruptedException {
        publish(shard(2, replica(1, 0L, "0/200")));
        assertThat(server(router.get(READ + "&consistency=bounded&maxLagMs=3600000")))
                .isEqualTo("orders-s1-1");
        await().until(() -> {
            // The operator says again and again that nothing changed.
            informed.operator().send(new TopologyEvent.Heartbeat(Instant.EPOCH));
            return server(router.get(READ + "&consistency=bounded&maxLagMs=1000"))
                    .equals("orders-s1-0");
        });
        publish(shard(2, replica(1, 0L, "0/300")));
        await().until(() -> {
            informed.operator().send(new TopologyEvent.Heartbeat(Instant.EPOCH));
            return server(router.get(READ + "&consistency=bounded&maxLagMs=1000"))
                    .equals("orders-s1-1");
        });
    }

    @Test
    void strongIsThePrimaryAndWithoutOneThereIsNone() {
        Reply reply = router.get(READ + "&consistency=strong");
        assertThat(server(reply)).isEqualTo("orders-s1-0");
        assertThat(reply.body().has("reason")).isFalse();
        publish(new ShardTopology("s1", 3, null, usual().replicas(), "it is gone"));
        assertProblem(router.get(READ + "&consistency=strong"), 503, "shard-unavailable", "it is gone");
        assertThat(server(router.get(READ + "&consistency=eventual"))).isEqualTo("orders-s1-1");
    }

    @ParameterizedTest
    @CsvSource({
        "2, 0/100, orders-s1-1",
        "2, 0/200, orders-s1-1",
        "2, 0/201, orders-s1-0",
        "1, 0/200, orders-s1-1",
        "1, 0/201, orders-s1-0"
    })
    void aTokenGoesToAReplicaThatHasItsPosition(long term, String lsn, String expected) {
        String token = report("s1", term, lsn, "write", null, null);
        for (String consistency : List.of("read-your-writes", "monotonic", "causal")) {
            Reply reply = router.get(READ + "&consistency=" + consistency, token);
            assertThat(server(reply)).isEqualTo(expected);
            assertThat(reply.body().at("/consistency").asText()).isEqualTo(consistency);
            assertThat(reply.body().at("/reason").asText())
                    .contains(expected.endsWith("0") ? "no replica is known to have replayed" : "");
        }
    }

    @Test
    void aTokenThatKnowsNothingOfTheShardGoesAnywhere() {
        assertThat(server(router.get(READ + "&consistency=causal", report("s0", 9, "F/0", "read", null, null))))
                .isEqualTo("orders-s1-1");
        String empty = token(router.post("/v1/tokens/merge", "{\"tokens\": []}"));
        assertThat(server(router.get(READ + "&consistency=causal", empty))).isEqualTo("orders-s1-1");
    }

    @Test
    void positionsOfALaterTermWaitUntilTheRouterHasHeardOfIt() throws Exception {
        String token = report("s1", 3, "0/250", "write", null, null);
        assertProblem(
                router.get(READ + "&consistency=causal&wait=0", token), 503, "guarantee-unmet", "of a later term");
        CompletableFuture<Reply> waiting =
                CompletableFuture.supplyAsync(() -> router.get(READ + "&consistency=causal&wait=30000", token));
        assertThat(waiting).isNotDone();
        publish(shard(3, replica(1, 5L, 3, "0/260")));
        assertThat(server(waiting.get(60, TimeUnit.SECONDS))).isEqualTo("orders-s1-1");
    }

    @Test
    void waitsForAReplicaWhenAsked() throws Exception {
        String token = report("s1", 2, "0/250", "write", null, null);
        CompletableFuture<Reply> waiting = CompletableFuture.supplyAsync(
                () -> router.get(READ + "&consistency=read-your-writes&otherwise=wait&wait=30000", token));
        publish(shard(2, replica(1, 5L, "0/249")));
        publish(shard(2, replica(1, 5L, "0/250")));
        assertThat(server(waiting.get(60, TimeUnit.SECONDS))).isEqualTo("orders-s1-1");
    }

    @Test
    void mergesTokensOfSeveralServices() {
        String one = report("s1", 2, "0/100", "write", null, null);
        String both = report("s0", 1, "0/50", "read", null, one);
        String other = report("s1", 2, "0/250", "read", null, null);
        assertThat(server(router.get(READ + "&consistency=causal", both))).isEqualTo("orders-s1-1");
        Reply merged = router.post("/v1/tokens/merge", "{\"tokens\": [\"" + both + "\", \"" + other + "\"]}");
        assertThat(merged.headers()).containsEntry("x-causal-token", List.of(token(merged)));
        assertThat(server(router.get(READ + "&consistency=causal", token(merged))))
                .isEqualTo("orders-s1-0");
    }

    @Test
    void remembersWhatASessionWrote() {
        afterTheWindowOfTheStart();
        String read = READ + "&consistency=read-your-writes&session=w1";
        router.get("/v1/route?table=orders&key=42&session=w1");
        Reply unreported = router.get(read);
        assertThat(server(unreported)).isEqualTo("orders-s1-0");
        assertThat(unreported.body().at("/reason").asText()).contains("has not reported the position");
        assertThat(report("s1", 2, "0/200", "write", "w1", null)).isEmpty();
        assertThat(server(router.get(read))).isEqualTo("orders-s1-1");
        report("s1", 2, "0/201", "write", "w1", null);
        assertThat(server(router.get(read))).isEqualTo("orders-s1-0");
    }

    @Test
    void keepsASessionWhereItReadUntilItReports() {
        afterTheWindowOfTheStart();
        report("s1", 2, "0/100", "read", "m1", null);
        String read = READ + "&consistency=monotonic&session=m1";
        assertThat(server(router.get(read))).isEqualTo("orders-s1-1");
        publish(shard(2, replica(2, 1L, "0/299")));
        Reply gone = router.get(read);
        assertThat(server(gone)).isEqualTo("orders-s1-0");
        assertThat(gone.body().at("/reason").asText()).contains("has not reported how far it has read");
        report("s1", 2, "0/299", "read", "m1", null);
        report("s1", 2, "0/299", "read", "m1", null);
        assertThat(server(router.get(read))).isEqualTo("orders-s1-2");
    }

    @Test
    void aBatchHoldsItsGuaranteeForEachShard() {
        String token = report("s1", 2, "0/201", "write", null, null);
        Reply reply = router.post(
                "/v1/route",
                "{\"table\":\"orders\",\"intent\":\"read\",\"consistency\":\"causal\",\"keys\":[42,-1,1,2,3]}",
                token);
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body().at("/shards").size()).isEqualTo(2);
        reply.body().at("/shards").forEach(shard -> {
            assertThat(shard.at("/consistency").asText()).isEqualTo("causal");
            assertThat(shard.at("/server/instance").asText())
                    .isEqualTo(shard.at("/shard").asText().equals("s1") ? "orders-s1-0" : "orders-s0-1");
        });
        Reply unmet = router.post(
                "/v1/route",
                "{\"table\":\"orders\",\"intent\":\"read\",\"consistency\":\"bounded\",\"maxLagMs\":0,"
                        + "\"otherwise\":\"wait\",\"keys\":[42]}");
        assertThat(unmet.body().at("/results/0/problem/type").asText())
                .isEqualTo("urn:pgmosaic:problem:guarantee-unmet");
        assertThat(unmet.body().at("/shards")).isEmpty();
    }

    @Test
    void aReferenceTableIsReadFromOneAndTheSameShardWhenItMatters() {
        String token = report("s0", 1, "0/1", "read", null, null);
        assertThat(router.get("/v1/route?table=countries&intent=read&consistency=causal", token)
                        .body()
                        .at("/shard")
                        .asText())
                .isEqualTo("s0");
        assertThat(router.get("/v1/route?table=countries&intent=read&consistency=strong")
                        .body()
                        .at("/shard")
                        .asText())
                .isEqualTo("s0");
    }

    @Test
    void countsWhereReadsWithAGuaranteeWent() {
        router.get(READ + "&consistency=strong");
        assertThat(router.text("/metrics"))
                .contains(
                        "pgmosaic_router_guaranteed_reads_total{consistency=\"strong\",server=\"primary\"}",
                        "pgmosaic_router_sessions ");
    }

    private void afterTheWindowOfTheStart() {
        await().until(() -> !router.get(READ + "&consistency=read-your-writes&session=nobody")
                .body()
                .at("/reason")
                .asText()
                .contains("may have forgotten"));
    }

    private void publish(ShardTopology shard) {
        published++;
        ClusterTopology topology = topology(shard);
        informed.operator().publish(topology);
        await().until(() -> router.get("/v1/map")
                .body()
                .at("/publishedAt")
                .asText()
                .equals(topology.publishedAt().toString()));
    }

    private static ShardTopology usual() {
        return shard(2, replica(1, 20L, "0/200"), replica(2, 4_000L, "0/100"));
    }

    private static ShardTopology shard(long term, Replica... replicas) {
        return new ShardTopology("s1", term, Topologies.server("s1", 0), List.of(replicas), null, at(term, "0/300"));
    }

    private static Replica replica(int ordinal, @Nullable Long lagMillis, String lsn) {
        return replica(ordinal, lagMillis, 2, lsn);
    }

    private static Replica replica(int ordinal, @Nullable Long lagMillis, long term, String lsn) {
        return new Replica(Topologies.server("s1", ordinal), lagMillis, at(term, lsn), 0L);
    }

    private static LogPosition at(long term, String lsn) {
        return new LogPosition(term, Lsn.parse(lsn));
    }

    private ClusterTopology topology(ShardTopology shard) {
        ClusterTopology plain = Topologies.of(Topologies.map(1), Topologies.healthy("s0", 1), shard);
        return new ClusterTopology(
                plain.namespace(),
                plain.cluster(),
                Topologies.UID + cluster,
                plain.database(),
                plain.map(),
                plain.tables(),
                plain.referenceTables(),
                new RoutingPolicy(1_000, 100),
                plain.shards(),
                Instant.EPOCH.plusSeconds(published));
    }

    private String report(
            String shard, long term, String lsn, String kind, @Nullable String session, @Nullable String token) {
        return GuaranteeReplies.report(router, shard, term, lsn, kind, session, token);
    }
}
