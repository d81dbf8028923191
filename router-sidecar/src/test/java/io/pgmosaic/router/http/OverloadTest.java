package io.pgmosaic.router.http;

import io.pgmosaic.protocol.topology.ClusterTopology;
import io.pgmosaic.protocol.topology.LoadShedding;
import io.pgmosaic.protocol.topology.RateLimit;
import io.pgmosaic.protocol.topology.RateLimit.Algorithm;
import io.pgmosaic.protocol.topology.ReplicaChoice;
import io.pgmosaic.protocol.topology.RoutingPolicy;
import io.pgmosaic.router.harness.InformedRouter;
import io.pgmosaic.router.harness.RunningRouter;
import io.pgmosaic.router.harness.Topologies;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class OverloadTest {
    private static final RateLimit LIMIT =
            new RateLimit("public.accounts", List.of(), Algorithm.TOKEN_BUCKET, 1, 3_600_000, 5);

    private static ClusterTopology with(List<RateLimit> limits, @Nullable LoadShedding shedding) {
        ClusterTopology topology = Topologies.healthy();
        return new ClusterTopology(
                topology.namespace(),
                topology.cluster(),
                topology.clusterUid(),
                topology.database(),
                topology.map(),
                topology.tables(),
                topology.referenceTables(),
                new RoutingPolicy(1_000, 5_000, ReplicaChoice.LEAST_LAG, limits, shedding),
                topology.shards(),
                topology.publishedAt());
    }

    @Test
    void refusesAKeyThatIsLookedUpTooOften(@TempDir Path folder) {
        try (InformedRouter informed = InformedRouter.start(folder, with(List.of(LIMIT), null))) {
            RunningRouter router = informed.router();
            RunningRouter.Reply last = router.get("/v1/route?table=accounts&key=celebrity");
            for (int i = 0; i < 9; i++) {
                last = router.get("/v1/route?table=accounts&key=celebrity");
            }
            assertThat(last.status()).isEqualTo(429);
            assertThat(last.body().at("/type").asText()).isEqualTo("urn:pgmosaic:problem:rate-limited");
            assertThat(last.body().toString()).doesNotContain("celebrity");
            assertThat(Integer.parseInt(String.join("", last.headers().getOrDefault("retry-after", List.of()))))
                    .isBetween(3_500, 3_600);
            assertThat(router.get("/v1/route?table=accounts&key=somebody").status())
                    .isEqualTo(200);
            assertThat(router.get("/v1/route?table=orders&key=1").status()).isEqualTo(200);
            RunningRouter.Reply batch =
                    router.post("/v1/route", "{\"table\": \"accounts\", \"keys\": [\"celebrity\", \"anybody\"]}");
            assertThat(batch.body().at("/results/0/problem/status").asInt()).isEqualTo(429);
            assertThat(batch.body().at("/results/1/shard").isTextual()).isTrue();
            assertThat(router.text("/metrics"))
                    .contains("pgmosaic_router_limited_keys 3.0", "pgmosaic_router_rate_limited_total");
        }
    }

    @Test
    void refusesLowPrioritiesOfAShardThatIsTooSlow(@TempDir Path folder) {
        try (InformedRouter informed = InformedRouter.start(folder, with(List.of(), new LoadShedding(50, 200)))) {
            RunningRouter router = informed.router();
            String shard = router.get("/v1/route?table=orders&key=42")
                    .body()
                    .at("/shard")
                    .asText();
            String other = shard.equals("s0") ? "s1" : "s0";
            // Half of the requests matter little, half much; the shard takes 120 ms, more than its target and less than
            // its maximum.
            await().until(() -> {
                IntStream.range(0, 20)
                        .forEach(i -> router.get(
                                "/v1/route?table=orders&key=42&intent=read&priority=" + (i % 2 == 0 ? 1 : 10)));
                RunningRouter.Reply reply = router.post(
                        "/v1/outcomes",
                        "{\"outcomes\": [{\"shard\": \"" + shard
                                + "\", \"intent\": \"read\", \"outcome\": \"ok\", \"durationMillis\": 120, \"count\": 100}]}");
                return reply.body().at("/refused/" + shard + "/0").asDouble() > 0.05;
            });
            assertThat(IntStream.range(0, 400)
                            .mapToObj(i -> router.get("/v1/route?table=orders&key=42&intent=read&priority=1"))
                            .filter(reply -> reply.status() == 503
                                    && reply.body().at("/type").asText().equals("urn:pgmosaic:problem:shard-overloaded")
                                    && reply.headers().containsKey("retry-after")))
                    .isNotEmpty();
            assertThat(IntStream.range(0, 100)
                            .mapToObj(i -> router.get("/v1/route?table=orders&key=42&intent=read&priority=10")))
                    .allMatch(reply -> reply.status() == 200);
            assertThat(router.text("/metrics"))
                    .contains("pgmosaic_router_shed_share{shard_id=\"" + shard + "\"}")
                    .doesNotContain("pgmosaic_router_shed_share{shard_id=\"" + other + "\"}");
        }
    }

    @Test
    void takesPrioritiesFromQueryHeaderAndBody(@TempDir Path folder) {
        try (InformedRouter informed = InformedRouter.start(folder, Topologies.healthy())) {
            RunningRouter router = informed.router();
            assertThat(router.get("/v1/route?table=orders&key=1&priority=10").status())
                    .isEqualTo(200);
            for (String wrong : List.of("0", "11", "-1", "high", "", "1.5")) {
                assertThat(router.get("/v1/route?table=orders&key=1&priority=" + wrong)
                                .status())
                        .as(wrong)
                        .isEqualTo(400);
            }
            assertThat(router.get("/v1/route?table=orders&key=1", "X-Priority", "3")
                            .status())
                    .isEqualTo(200);
            assertThat(router.get("/v1/route?table=orders&key=1", "X-Priority", "30")
                            .status())
                    .isEqualTo(400);
            assertThat(router.post("/v1/route", "{\"table\": \"orders\", \"keys\": [1], \"priority\": 7}")
                            .status())
                    .isEqualTo(200);
            assertThat(router.post("/v1/route", "{\"table\": \"orders\", \"keys\": [1], \"priority\": 70}")
                            .status())
                    .isEqualTo(400);
        }
    }
}
