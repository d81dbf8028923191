package io.pgmosaic.router.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgmosaic.protocol.topology.ClusterTopology;
import io.pgmosaic.protocol.topology.TableRule;
import io.pgmosaic.protocol.topology.TableRule.KeyColumn;
import io.pgmosaic.router.harness.InformedRouter;
import io.pgmosaic.router.harness.RunningRouter;
import io.pgmosaic.router.harness.RunningRouter.Reply;
import io.pgmosaic.router.harness.Topologies;
import io.pgmosaic.routing.key.KeyType;
import io.pgmosaic.routing.map.RowColumn.Role;
import io.pgmosaic.routing.recipe.GroupRecipe;
import io.pgmosaic.routing.recipe.MapRecipe;
import io.pgmosaic.routing.recipe.OverrideRecipe;
import io.pgmosaic.routing.recipe.PlacementRecipe;
import io.pgmosaic.routing.recipe.RangeRecipe;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/** Keys with a region, a time and details; and those that no placement takes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PlacementLookupTest {
    private static final String TURN = "2026-01-01T00:00:00Z";
    private static final String END = "2027-01-01T00:00:00Z";

    /** Customers up to m, and from m to z, in eu, and one with a shard of its own; in us by age, up to the end of 2026. */
    private static final MapRecipe MAP = new MapRecipe(
            3,
            "eu",
            List.of(
                    ordered(new RangeRecipe("a", "m", "s0"), new RangeRecipe("m", "z", "s1"))
                            .restricted("eu", null, null, null, List.of("s2")),
                    ordered(new RangeRecipe(null, null, "s3")).restricted("us", null, TURN, "cold", List.of()),
                    ordered(new RangeRecipe(null, null, "s4")).restricted("us", TURN, END, "hot", List.of())),
            List.of(new OverrideRecipe(List.of("acme"), "s2")),
            List.of(new GroupRecipe("log", null, List.of(PlacementRecipe.evenHashRanges(List.of("s3"))), List.of())));

    private InformedRouter informed;
    private RunningRouter router;

    private static PlacementRecipe ordered(RangeRecipe... ranges) {
        return PlacementRecipe.orderedRanges(KeyType.TEXT, List.of(ranges));
    }

    @BeforeAll
    void start(@TempDir Path folder) {
        ClusterTopology usual = Topologies.of(
                MAP,
                Topologies.healthy("s0", 1),
                Topologies.healthy("s1", 1),
                Topologies.healthy("s2", 1),
                Topologies.healthy("s3", 1),
                Topologies.healthy("s4", 1));
        informed = InformedRouter.start(
                folder,
                new ClusterTopology(
                        usual.namespace(),
                        usual.cluster(),
                        usual.clusterUid(),
                        usual.database(),
                        MAP,
                        List.of(
                                new TableRule(
                                        "public",
                                        "orders",
                                        List.of(
                                                new KeyColumn("region", KeyType.TEXT, Role.REGION),
                                                new KeyColumn("at", KeyType.TIMESTAMPTZ, Role.TIME),
                                                new KeyColumn("customer", KeyType.TEXT, Role.KEY),
                                                new KeyColumn("item", KeyType.BIGINT, Role.DETAIL)),
                                        null,
                                        List.of(),
                                        3_600_000L),
                                new TableRule(
                                        "public", "lines", List.of(new KeyColumn("customer", KeyType.TEXT)), "log")),
                        usual.referenceTables(),
                        usual.routing(),
                        usual.shards(),
                        usual.publishedAt()));
        router = informed.router();
    }

    @AfterAll
    void stop() {
        informed.close();
    }

    @ParameterizedTest
    @CsvSource({
        "key=eu&key=2026-05-01T00:00:00Z&key=bob, s0",
        "key=eu&key=2026-05-01T00:00:00Z&key=m, s1",
        "key=eu&key=2026-05-01T00:00:00Z&key=bob&key=17, s0",
        "key=eu&key=2099-05-01T00:00:00Z&key=acme, s2",
        "key=us&key=2025-12-31T23:59:59.999999Z&key=bob, s3",
        "key=us&key=2026-01-01T00:00:00Z&key=acme, s4",
        "key=us&key=2026-01-01T01:00:00%2B02:00&key=bob, s3",
        "key.customer=nan&key.at=2026-05-01T00:00:00Z, s1",
        "key.customer=nan&key.at=2026-05-01T00:00:00Z&key.item=3&key.region=us, s4",
    })
    void findsTheShard(String key, String shard) {
        assertThat(router.get("/v1/route?table=orders&" + key)
                        .body()
                        .at("/shard")
                        .asText())
                .isEqualTo(shard);
    }

    @ParameterizedTest
    @CsvSource({
        "'', s0 s1 s2 s3 s4",
        "region=eu, s0 s1 s2",
        "region=eu&key.from=b, s0 s1",
        "region=eu&key.from=n, s1",
        "region=eu&key.from=ab&key.until=m, s0 s2",
        "region=us, s3 s4",
        "region=us&time.from=2026-01-01T00:00:00Z, s4",
        "region=us&time.until=2026-01-01T00:00:00Z, s3",
        "region=us&time.from=2027-01-01T00:00:00Z, ''",
        "region=us&time.from=2025-12-31T23:30:00-01:00&time.until=2026-02-01T00:00:00Z, s4",
    })
    void findsTheShardsOfARange(String range, String shards) {
        Reply reply = router.get("/v1/places?table=orders&" + range);
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body().at("/shards").findValuesAsText("shard"))
                .containsExactlyElementsOf(shards.isEmpty() ? List.of() : List.of(shards.split(" ")));
    }

    @Test
    void saysOfWhichTierAndRangeAPlaceIs() {
        JsonNode hot = router.get("/v1/places?table=orders&region=us&time.from=" + TURN)
                .body();
        assertThat(hot.at("/places")).hasSize(1);
        assertThat(hot.at("/places/0/tier").asText()).isEqualTo("hot");
        assertThat(hot.at("/places/0/from").asText()).isEqualTo(TURN);
        assertThat(hot.at("/places/0/until").asText()).isEqualTo(END);
        assertThat(hot.at("/places/0/expiresAt").asText()).isEqualTo("2027-01-01T01:00:00Z");
        assertThat(router.get("/v1/places?table=orders&region=us&time.until=2020-01-01T00:00:00Z")
                        .body()
                        .at("/places/0/expiresAt")
                        .asText())
                .as("by the end of the period, whatever is asked for")
                .isEqualTo("2026-01-01T01:00:00Z");
        JsonNode eu = router.get("/v1/places?table=orders&region=eu&key.from=b&key.until=n")
                .body();
        assertThat(eu.at("/places/0/expiresAt").isMissingNode())
                .as("a period without an end")
                .isTrue();
        assertThat(eu.at("/places/0/ranges").toString())
                .isEqualTo(
                        "[{\"from\":\"b\",\"until\":\"m\",\"shard\":\"s0\"},{\"from\":\"m\",\"until\":\"n\",\"shard\":\"s1\"}]");
        JsonNode hashed = router.get("/v1/places?table=lines").body();
        assertThat(hashed.at("/places/0/ranges").isMissingNode()).isTrue();
        assertThat(hashed.at("/places/0/shards/0").asText()).isEqualTo("s3");
    }

    @ParameterizedTest
    @CsvSource({
        "'', name the table",
        "table=ghosts, is neither sharded nor a reference table",
        "table=orders&region=mars, no region mars",
        "table=orders&key.from=m&key.until=m, has nothing in it",
        "table=orders&time.from=2026-02-01T00:00:00Z&time.until=2026-01-01T00:00:00Z, ends before it begins",
        "table=orders&time.from=yesterday, yesterday",
        "table=orders&time.from=a&time.from=b, time.from is given twice",
        "table=orders&key=m, known are table",
        "table=orders&key.from=%FF, not percent-encoded UTF-8",
        "table=lines&key.from=m, are placed by hash",
        "table=lines&region=eu, has no column of role Region",
        "table=lines&time.from=2026-01-01T00:00:00Z, has no column of role Time",
        "table=countries, every shard holds all of public.countries",
    })
    void refusesRangesThatAreNone(String query, String detail) {
        Reply reply = router.get("/v1/places?" + query);
        assertThat(reply.status()).isIn(400, 404);
        assertThat(reply.body().at("/detail").asText()).contains(detail);
    }

    @ParameterizedTest
    @CsvSource({
        "key=mars&key=2026-05-01T00:00:00Z&key=bob, no shard holds such a key, no region mars",
        "key=us&key=2027-01-01T00:00:00Z&key=bob, no shard holds such a key, in no period",
        "key=us&key=9999-01-01T00:00:00Z&key=bob, no shard holds such a key, in no period",
        "key=eu&key=2026-05-01T00:00:00Z&key=zoe, no shard holds such a key, outside of every range",
        "key=eu&key=2026-05-01T00:00:00Z&key=Bob, no shard holds such a key, outside of every range",
        "key=eu&key=2026-05-01T00:00:00Z, invalid key, the key has 4 columns",
        "key=eu&key=2026-05-01T00:00:00Z&key=bob&key=x, invalid key, item is not a whole number",
        "key=eu&key=2026-05-01T00:00:00&key=bob, invalid key, at is not a time",
        "key=eu&key=&key=bob, invalid key, a key value is empty",
        "key.customer=nan, invalid key, the key's columns are",
    })
    void refusesWithTheReason(String key, String title, String detail) {
        Reply reply = router.get("/v1/route?table=orders&" + key);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body().at("/title").asText()).isEqualTo(title);
        assertThat(reply.body().at("/detail").asText()).contains(detail);
    }

    @Test
    void aTableOfAGroupIsPlacedByItsGroup() {
        assertThat(router.get("/v1/route?table=lines&key=acme")
                        .body()
                        .at("/shard")
                        .asText())
                .isEqualTo("s3");
        assertThat(router.get("/v1/route?table=lines&key=zoe")
                        .body()
                        .at("/shard")
                        .asText())
                .isEqualTo("s3");
    }

    @Test
    void aBatchMayLeaveOutTheRegion() {
        JsonNode results = router.post("/v1/route", """
                        {"table": "orders", "keys": [
                          [null, "2026-05-01T00:00:00Z", "bob"],
                          ["us", "2026-05-01T00:00:00Z", "bob", null],
                          ["us", null, "bob"],
                          [null, "2026-05-01T00:00:00Z", null]
                        ]}""").body().at("/results");
        assertThat(results.at("/0/shard").asText()).isEqualTo("s0");
        assertThat(results.at("/1/shard").asText()).isEqualTo("s4");
        assertThat(results.at("/2/problem/detail").asText()).contains("a key value is null");
        assertThat(results.at("/3/problem/detail").asText()).contains("a key value is null");
    }
}
