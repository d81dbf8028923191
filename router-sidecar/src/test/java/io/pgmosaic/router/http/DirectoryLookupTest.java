package io.pgmosaic.router.http;

import io.pgmosaic.protocol.topology.ClusterTopology;
import io.pgmosaic.protocol.topology.RateLimit;
import io.pgmosaic.protocol.topology.Replica;
import io.pgmosaic.protocol.topology.ReplicaChoice;
import io.pgmosaic.protocol.topology.RoutingPolicy;
import io.pgmosaic.protocol.topology.Server;
import io.pgmosaic.protocol.topology.ShardTopology;
import io.pgmosaic.router.app.DirectorySettings;
import io.pgmosaic.router.harness.InformedRouter;
import io.pgmosaic.router.harness.RunningRouter.Reply;
import io.pgmosaic.router.harness.ShardPostgres;
import io.pgmosaic.router.harness.TestAuthority;
import io.pgmosaic.router.harness.Topologies;
import io.pgmosaic.routing.guard.GuardSchema;
import io.pgmosaic.routing.key.Key;
import io.pgmosaic.routing.map.HashRanges;
import io.pgmosaic.routing.map.ShardMap;
import io.pgmosaic.routing.recipe.MapRecipe;
import io.pgmosaic.routing.recipe.OverrideRecipe;
import io.pgmosaic.routing.recipe.PlacementRecipe;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Lookups in tables with a directory, against a database that holds the entries of shard s0. */
class DirectoryLookupTest {
    private static final MapRecipe MAP = new MapRecipe(
            3,
            null,
            List.of(PlacementRecipe.evenHashRanges(List.of("s0", "s1"))),
            List.of(new OverrideRecipe(List.of("acme"), "s1")),
            List.of(),
            true);
    private static final long REPLICA_LAG_MILLIS = 900;
    private static final ShardMap RULE = ShardMap.of(3, HashRanges.even(List.of("s0", "s1")));

    /** Keys whose home is s0. */
    private static final long[] KEYS = LongStream.range(0, 1_000)
            .filter(key -> RULE.ownerOf(Key.bigint(key)).equals("s0"))
            .toArray();

    @TempDir
    private Path folder;

    private TestAuthority authority;
    private ShardPostgres postgres;
    private InformedRouter informed;

    @BeforeEach
    void start() throws SQLException {
        authority = new TestAuthority();
        postgres = ShardPostgres.start(authority, folder.resolve("secret"));
        postgres.execute(
                "shop",
                GuardSchema.create(5_000),
                "GRANT USAGE ON SCHEMA mosaic TO PUBLIC",
                "GRANT EXECUTE ON FUNCTION mosaic.directory_find(text, text, text) TO mosaic_router");
        informed = InformedRouter.start(folder, topology());
    }

    private ClusterTopology topology() {
        Server replica =
                new Server("orders-s0-1", "127.0.0.1", postgres.server().port());
        return limited(Topologies.of(
                MAP,
                new ShardTopology("s0", 1, postgres.server(), List.of(new Replica(replica, REPLICA_LAG_MILLIS)), null),
                Topologies.healthy("s1", 1)));
    }

    /** One key may be looked up five times. */
    private static ClusterTopology limited(ClusterTopology topology) {
        RateLimit limit = new RateLimit(
                "public.orders",
                List.of(List.of(Long.toString(KEYS[12]))),
                RateLimit.Algorithm.TOKEN_BUCKET,
                1,
                3_600_000,
                5);
        return new ClusterTopology(
                topology.namespace(),
                topology.cluster(),
                topology.clusterUid(),
                topology.database(),
                topology.map(),
                topology.tables(),
                topology.referenceTables(),
                new RoutingPolicy(1_000, 5_000, ReplicaChoice.LEAST_LAG, List.of(limit), null),
                topology.shards(),
                topology.publishedAt());
    }

    @AfterEach
    void stop() {
        informed.close();
        postgres.close();
    }

    private void entry(String key, String state) throws SQLException {
        postgres.execute(
                "shop",
                "INSERT INTO mosaic.directory (grp, region, key, shard, attempt, state) VALUES ('', '', '" + key
                        + "', 's1', 2, '" + state + "')");
    }

    private Reply route(String rest) {
        return informed.router().get("/v1/route?table=orders&" + rest);
    }

    private String shard(String rest) {
        return route(rest).body().path("shard").asText();
    }

    @Test
    void anEntryDecidesOrElseTheRule() throws SQLException {
        entry(Long.toString(KEYS[0]), "a");
        assertThat(shard("key=" + KEYS[0])).isEqualTo("s1");
        assertThat(shard("key=" + KEYS[1])).isEqualTo("s0");
        assertThat(informed.router()
                        .get("/v1/route?table=accounts&key=acme")
                        .body()
                        .path("shard")
                        .asText())
                .as("an override comes first, and nobody is asked")
                .isEqualTo("s1");
    }

    @Test
    void whatIsRememberedIsBelievedUntilARefresh() throws SQLException {
        assertThat(shard("key=" + KEYS[2])).isEqualTo("s0");
        entry(Long.toString(KEYS[2]), "a");
        assertThat(shard("key=" + KEYS[2])).as("that there is no entry").isEqualTo("s0");
        assertThat(shard("key=" + KEYS[2] + "&intent=read&consistency=strong"))
                .as("a guarantee is no matter of memory")
                .isEqualTo("s1");
        postgres.execute("shop", "DELETE FROM mosaic.directory");
        assertThat(shard("key=" + KEYS[2])).isEqualTo("s1");
        assertThat(shard("key=" + KEYS[2] + "&refresh=true")).isEqualTo("s0");
        assertThat(shard("key=" + KEYS[2])).isEqualTo("s0");
    }

    /** A replica may not have had the entry yet when it was asked. */
    @Test
    void whatAReplicaSaidIsAsOldAsTheReplicaIsBehind() throws SQLException {
        String bounded = "key=" + KEYS[12] + "&intent=read&consistency=bounded&maxLagMs=";
        assertThat(shard("key=" + KEYS[12])).as("a replica says so").isEqualTo("s0");
        entry(Long.toString(KEYS[12]), "a");
        assertThat(shard(bounded + 60_000)).as("the bound allows it").isEqualTo("s0");
        assertThat(shard(bounded + (REPLICA_LAG_MILLIS - 1)))
                .as("the primary is asked")
                .isEqualTo("s1");
        postgres.execute("shop", "DELETE FROM mosaic.directory");
        assertThat(shard(bounded + 60_000))
                .as("what the primary said is remembered")
                .isEqualTo("s1");
    }

    @Test
    void aBatchHasTheSameBound() throws SQLException {
        assertThat(shard("key=" + KEYS[13])).isEqualTo("s0");
        entry(Long.toString(KEYS[13]), "a");
        Reply reply = informed.router()
                .post(
                        "/v1/route",
                        "{\"table\":\"orders\",\"intent\":\"read\",\"consistency\":\"bounded\",\"maxLagMs\":"
                                + (REPLICA_LAG_MILLIS - 1) + ",\"keys\":[" + KEYS[13] + "]}");
        assertThat(reply.body().at("/results/0/shard").asText()).isEqualTo("s1");
    }

    @Test
    void nobodyHasAKeyThatChangesHands() throws SQLException {
        entry(Long.toString(KEYS[3]), "p");
        Reply reply = route("key=" + KEYS[3]);
        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.body().path("title").asText()).isEqualTo("the key changes hands");
        assertThat(reply.headers()).containsKey("retry-after");
        postgres.execute("shop", "UPDATE mosaic.directory SET state = 'a'");
        assertThat(shard("key=" + KEYS[3])).as("that was not remembered").isEqualTo("s1");
    }

    @Test
    void asksOnceForAllWhoWait() {
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<String>> shards = IntStream.range(0, 50)
                    .mapToObj(client -> CompletableFuture.supplyAsync(() -> shard("key=" + KEYS[4]), clients))
                    .toList();
            assertThat(shards).allSatisfy(shard -> assertThat(shard.join()).isEqualTo("s0"));
        }
        String metrics = informed.router().text("/metrics");
        assertThat(metrics).contains("pgmosaic_router_directory_loads_total{outcome=\"none\"} 1.0");
        assertThat(metrics).contains("pgmosaic_router_directory_entries 1.0");
    }

    @Test
    void aBatchAsksForWhatIsNotRemembered() throws SQLException {
        entry(Long.toString(KEYS[5]), "a");
        entry(Long.toString(KEYS[6]), "r");
        Reply reply = informed.router()
                .post(
                        "/v1/route",
                        "{\"table\":\"orders\",\"keys\":[" + KEYS[5] + "," + KEYS[6] + "," + KEYS[7] + "," + KEYS[5]
                                + ",\"x\"]}");
        assertThat(reply.body().at("/results/0/shard").asText()).isEqualTo("s1");
        assertThat(reply.body().at("/results/1/problem/title").asText()).isEqualTo("the key changes hands");
        assertThat(reply.body().at("/results/2/shard").asText()).isEqualTo("s0");
        assertThat(reply.body().at("/results/3/shard").asText()).isEqualTo("s1");
        assertThat(reply.body().at("/results/4/problem/title").asText()).isEqualTo("invalid key");
    }

    @Test
    void aKeyThatIsLookedUpTooOftenCostsTheDatabaseNothing() {
        String refreshed = "key=" + KEYS[12] + "&refresh=true";
        List<Integer> answers =
                IntStream.range(0, 20).mapToObj(i -> route(refreshed).status()).toList();
        assertThat(answers).contains(200).endsWith(429);
        double loads = loads();
        assertThat(loads).isEqualTo((double)
                answers.stream().filter(status -> status == 200).count());
        assertThat(route(refreshed).status()).isEqualTo(429);
        Reply batch = informed.router()
                .post(
                        "/v1/route",
                        "{\"table\":\"orders\",\"refresh\":true,\"keys\":[" + KEYS[12] + "," + KEYS[13] + "," + KEYS[12]
                                + "]}");
        assertThat(batch.body().at("/results/0/problem/status").asInt()).isEqualTo(429);
        assertThat(batch.body().at("/results/1/shard").asText()).isEqualTo("s0");
        assertThat(batch.body().at("/results/2/problem/status").asInt()).isEqualTo(429);
        assertThat(loads()).as("the other key of the batch was asked for").isEqualTo(loads + 1);
    }

    private double loads() {
        return informed.router()
                .text("/metrics")
                .lines()
                .filter(line -> line.startsWith("pgmosaic_router_directory_loads_total{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    @Test
    void whatIsNotKnownIsNotGuessed() {
        assertThat(shard("key=" + KEYS[8])).isEqualTo("s0");
        postgres.close();
        assertThat(shard("key=" + KEYS[8])).as("what is remembered goes on").isEqualTo("s0");
        Reply reply = route("key=" + KEYS[9]);
        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.body().path("title").asText()).isEqualTo("the directory does not tell");
        assertThat(reply.body().path("shard").asText()).isEqualTo("s0");
        assertThat(route("key=" + KEYS[8] + "&refresh=true").status()).isEqualTo(503);
    }

    @Test
    void tellsHowOldItIsWhatNobodyCanTellAnew() throws IOException {
        informed.close();
        Path other = folder.resolve("other");
        ShardPostgres.secret(other.resolve("secret"), authority, ShardPostgres.PASSWORD);
        informed = InformedRouter.start(other, topology(), new DirectorySettings(16, 60, 1));
        String batch = "{\"table\":\"orders\",\"keys\":[" + KEYS[14] + "]}";
        Reply fresh = informed.router().post("/v1/route", batch);
        assertThat(fresh.body().at("/results/0/shard").asText()).isEqualTo("s0");
        assertThat(fresh.body().at("/results/0").has("directoryAgeMs")).isFalse();
        assertThat(route("key=" + KEYS[14]).headers()).doesNotContainKey("x-directory-age-ms");
        postgres.close();
        await().untilAsserted(() -> {
            Reply stale = informed.router().post("/v1/route", batch);
            assertThat(stale.body().at("/results/0/shard").asText()).isEqualTo("s0");
            assertThat(stale.body().at("/results/0/directoryAgeMs").asLong()).isGreaterThan(1_000);
        });
        assertThat(route("key=" + KEYS[14]).headers()).containsKey("x-directory-age-ms");
    }

    @Test
    void tellsEntriesAndRefusesWhatMakesNoSense() throws SQLException {
        entry(Long.toString(KEYS[10]), "a");
        Reply told = informed.router().get("/v1/directory?table=orders&key=" + KEYS[10]);
        assertThat(told.body().path("shard").asText()).isEqualTo("s1");
        assertThat(told.body().path("home").asText()).isEqualTo("s0");
        assertThat(told.body().path("source").asText()).isEqualTo("entry");
        assertThat(informed.router()
                        .get("/v1/directory?table=orders&key=" + KEYS[11])
                        .body()
                        .path("source")
                        .asText())
                .isEqualTo("rule");
        assertThat(informed.router().get("/v1/directory?table=nothing&key=1").status())
                .isEqualTo(404);
        assertThat(informed.router().get("/v1/directory?table=countries&key=1").status())
                .isEqualTo(409);
        assertThat(informed.router().get("/v1/directory?table=orders&key=x").status())
                .isEqualTo(400);
        assertThat(informed.router().method("PUT", "/v1/directory", "{}").status())
                .isEqualTo(400);
        assertThat(informed.router()
                        .method("PUT", "/v1/directory", "{\"table\":\"orders\",\"entries\":[{\"shard\":\"s1\"}]}")
                        .status())
                .isEqualTo(400);
        assertThat(informed.router().get("/v1/places?table=orders").status()).isEqualTo(400);
    }
}
