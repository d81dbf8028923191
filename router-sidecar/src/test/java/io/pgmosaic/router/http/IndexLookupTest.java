package io.pgmosaic.router.http;

import io.pgmosaic.protocol.topology.ClusterTopology;
import io.pgmosaic.protocol.topology.Replica;
import io.pgmosaic.protocol.topology.Server;
import io.pgmosaic.protocol.topology.ShardTopology;
import io.pgmosaic.protocol.topology.TableRule;
import io.pgmosaic.protocol.topology.TableRule.KeyColumn;
import io.pgmosaic.router.harness.InformedRouter;
import io.pgmosaic.router.harness.RunningRouter.Reply;
import io.pgmosaic.router.harness.ShardPostgres;
import io.pgmosaic.router.harness.TestAuthority;
import io.pgmosaic.router.harness.Topologies;
import io.pgmosaic.routing.guard.DirectoryKey;
import io.pgmosaic.routing.guard.GuardSchema;
import io.pgmosaic.routing.key.Key;
import io.pgmosaic.routing.key.KeyType;
import io.pgmosaic.routing.key.KeyValue;
import io.pgmosaic.routing.map.HashRanges;
import io.pgmosaic.routing.map.ShardMap;
import io.pgmosaic.routing.recipe.GroupRecipe;
import io.pgmosaic.routing.recipe.MapRecipe;
import io.pgmosaic.routing.recipe.PlacementRecipe;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Lookups by value, against a database that holds the entries of shard s0. */
class IndexLookupTest {
    private static final PlacementRecipe BOTH = PlacementRecipe.evenHashRanges(List.of("s0", "s1"));
    private static final ShardMap RULE = ShardMap.of(3, HashRanges.even(List.of("s0", "s1")));
    private static final String VALUE = value("s0");

    @TempDir
    private Path folder;

    private ShardPostgres postgres;
    private InformedRouter informed;

    private static String value(String shard) {
        return IntStream.range(0, 100)
                .mapToObj(number -> "ann+" + number + "@x.org")
                .filter(value -> RULE.ownerOf(Key.text(value)).equals(shard))
                .findFirst()
                .orElseThrow();
    }

    @BeforeEach
    void start() throws SQLException {
        TestAuthority authority = new TestAuthority();
        postgres = ShardPostgres.start(authority, folder.resolve("secret"));
        postgres.execute(
                "shop",
                GuardSchema.create(5_000),
                "GRANT USAGE ON SCHEMA mosaic TO PUBLIC",
                "GRANT EXECUTE ON FUNCTION mosaic.lookup_find(text, text),"
                        + " mosaic.directory_find(text, text, text) TO mosaic_router");
        informed = InformedRouter.start(folder, topology(false));
    }

    private ClusterTopology topology(boolean directory) {
        MapRecipe map = new MapRecipe(
                3,
                null,
                List.of(BOTH),
                List.of(),
                List.of(new GroupRecipe("mosaic-lookup", null, List.of(BOTH), List.of(), false)),
                directory);
        Server replica =
                new Server("orders-s0-1", "127.0.0.1", postgres.server().port());
        ClusterTopology usual = Topologies.of(
                map,
                new ShardTopology("s0", 1, postgres.server(), List.of(new Replica(replica, 10L)), null),
                Topologies.headless("s1", 1, "it is failing over"));
        return new ClusterTopology(
                usual.namespace(),
                usual.cluster(),
                usual.clusterUid(),
                usual.database(),
                map,
                List.of(
                        new TableRule(
                                "public",
                                "users",
                                List.of(new KeyColumn("tenant", KeyType.TEXT), new KeyColumn("id", KeyType.BIGINT)),
                                null,
                                List.of(new TableRule.LookupIndex("by-email", "email"))),
                        new TableRule(
                                "mosaic",
                                "lookup_entries",
                                List.of(new KeyColumn("value", KeyType.TEXT)),
                                "mosaic-lookup")),
                List.of(),
                usual.routing(),
                usual.shards(),
                usual.publishedAt());
    }

    @AfterEach
    void stop() {
        informed.close();
        postgres.close();
    }

    private void entry(String value, String key) throws SQLException {
        postgres.execute(
                "shop",
                "INSERT INTO mosaic.lookup_entries VALUES ('by-email', '" + value + "', '" + key
                        + "', 's0', 1, false, now()) ON CONFLICT (value, idx) DO UPDATE SET key = EXCLUDED.key");
    }

    private Reply find(String rest) {
        return informed.router().get("/v1/lookup/by-email?" + rest);
    }

    private static String query(String value) {
        return "value=" + value.replace("+", "%2B");
    }

    private String problem(Reply reply, int status) {
        assertThat(reply.status()).isEqualTo(status);
        return reply.body().path("type").asText();
    }

    @Test
    void tellsTheKeyAndItsShard() throws SQLException {
        entry(VALUE, "4:acme2:17");
        Reply reply = find(query(VALUE));
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body().path("index").asText()).isEqualTo("by-email");
        assertThat(reply.body().path("table").asText()).isEqualTo("public.users");
        assertThat(reply.body().path("key").toString()).isEqualTo("[\"acme\",\"17\"]");
        assertThat(reply.body().path("shard").asText())
                .isEqualTo(informed.router()
                        .get("/v1/route?table=users&key=acme&key=17")
                        .body()
                        .path("shard")
                        .asText());
    }

    @Test
    void remembersWhatItFoundAndNotThatItFoundNothing() throws SQLException {
        assertThat(problem(find(query(VALUE)), 404)).endsWith("value-not-found");
        entry(VALUE, "4:acme1:1");
        assertThat(find(query(VALUE)).body().path("key").toString()).isEqualTo("[\"acme\",\"1\"]");
        entry(VALUE, "4:acme1:2");
        assertThat(find(query(VALUE)).body().path("key").toString()).isEqualTo("[\"acme\",\"1\"]");
        assertThat(find(query(VALUE) + "&refresh=true").body().path("key").toString())
                .isEqualTo("[\"acme\",\"2\"]");
        assertThat(find(query(VALUE)).body().path("key").toString()).isEqualTo("[\"acme\",\"2\"]");
        postgres.execute("shop", "DELETE FROM mosaic.lookup_entries");
        assertThat(problem(find(query(VALUE) + "&refresh=true"), 404)).endsWith("value-not-found");
        assertThat(problem(find(query(VALUE)), 404))
                .as("what was remembered is forgotten with that")
                .endsWith("value-not-found");
        assertThat(informed.router().text("/metrics"))
                .contains("pgmosaic_router_index_lookups_total{outcome=\"hit\"} 2.0");
    }

    @Test
    void whatIsNoKeyHasNoRow() throws SQLException {
        entry(VALUE, "no key");
        assertThat(problem(find(query(VALUE)), 404)).endsWith("value-not-found");
        entry(VALUE, "4:acme9:x");
        assertThat(problem(find(query(VALUE) + "&refresh=true"), 404)).endsWith("value-not-found");
    }

    @Test
    void doesNotSayThatThereIsNothingWhenNobodyTells() {
        Reply reply = find(query(value("s1")));
        assertThat(problem(reply, 503)).endsWith("index-unavailable");
        assertThat(reply.body().path("detail").asText()).contains("s1", "failing over");
        assertThat(reply.headers()).containsKey("retry-after");
    }

    @Test
    void goesOnWithWhatItKnowsWhileTheDatabaseIsGone() throws SQLException {
        entry(VALUE, "4:acme1:1");
        find(query(VALUE));
        postgres.close();
        assertThat(find(query(VALUE)).status()).isEqualTo(200);
        assertThat(problem(find(query(VALUE) + "&refresh=true"), 503)).endsWith("index-unavailable");
    }

    @Test
    void goesByTheDirectoryOfTheTable() throws SQLException {
        informed.operator().publish(topology(true));
        Key key = IntStream.range(0, 100)
                .mapToObj(number -> Key.of(new KeyValue.Text("acme"), new KeyValue.Bigint(number)))
                .filter(one -> RULE.ownerOf(one).equals("s0"))
                .findFirst()
                .orElseThrow();
        String text = DirectoryKey.text(key);
        entry(VALUE, text);
        postgres.execute("shop", "INSERT INTO mosaic.directory VALUES ('', '', '" + text + "', 's1', 2, 'a')");
        await().untilAsserted(() -> assertThat(find(query(VALUE) + "&refresh=true")
                        .body()
                        .path("shard")
                        .asText())
                .isEqualTo("s1"));
    }

    @Test
    void refusesWhatCannotBe() {
        assertThat(problem(informed.router().get("/v1/lookup/by-phone?value=1"), 404))
                .endsWith("unknown-index");
        assertThat(problem(informed.router().get("/v1/lookup/?value=1"), 404)).endsWith("unknown-index");
        assertThat(problem(informed.router().get("/v1/lookup/by-email/x?value=1"), 404))
                .endsWith("unknown-index");
        for (String wrong : List.of(
                "",
                "value=",
                "value=a&value=b",
                "value=%00",
                "value=" + "x".repeat(1_001),
                "value=a&refresh=perhaps",
                "value=a&key=b")) {
            assertThat(problem(find(wrong), 400)).as(wrong).endsWith("invalid-request");
        }
    }
}
