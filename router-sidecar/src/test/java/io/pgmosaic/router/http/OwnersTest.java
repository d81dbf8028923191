package io.pgmosaic.router.http;

import io.pgmosaic.protocol.topology.ClusterTopology;
import io.pgmosaic.protocol.topology.Server;
import io.pgmosaic.protocol.topology.ShardTopology;
import io.pgmosaic.protocol.topology.TableRule;
import io.pgmosaic.protocol.topology.TableRule.KeyColumn;
import io.pgmosaic.router.harness.InformedRouter;
import io.pgmosaic.router.harness.RunningRouter;
import io.pgmosaic.router.harness.RunningRouter.Reply;
import io.pgmosaic.router.harness.Topologies;
import io.pgmosaic.routing.key.Key;
import io.pgmosaic.routing.key.KeyType;
import io.pgmosaic.routing.map.HashRing;
import io.pgmosaic.routing.recipe.GroupRecipe;
import io.pgmosaic.routing.recipe.MapRecipe;
import io.pgmosaic.routing.recipe.PlacementRecipe;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OwnersTest {
    private static final List<String> SHARDS = List.of("s0", "s1", "s2", "s3");
    private static final MapRecipe MAP = new MapRecipe(
            3,
            null,
            List.of(PlacementRecipe.ring(SHARDS, 50)),
            List.of(),
            List.of(new GroupRecipe("log", null, List.of(PlacementRecipe.evenHashRanges(SHARDS)), List.of())));

    private InformedRouter informed;
    private RunningRouter router;

    @BeforeAll
    void start(@TempDir Path folder) {
        ClusterTopology usual = Topologies.of(
                MAP, shard("s0", "north"), shard("s1", "north"), shard("s2", "north"), shard("s3", "south"));
        informed = InformedRouter.start(
                folder,
                new ClusterTopology(
                        usual.namespace(),
                        usual.cluster(),
                        usual.clusterUid(),
                        usual.database(),
                        MAP,
                        List.of(
                                new TableRule("public", "orders", List.of(new KeyColumn("id", KeyType.BIGINT))),
                                new TableRule("public", "lines", List.of(new KeyColumn("id", KeyType.BIGINT)), "log")),
                        usual.referenceTables(),
                        usual.routing(),
                        usual.shards(),
                        usual.publishedAt()));
        router = informed.router();
    }

    private static ShardTopology shard(String name, String zone) {
        return new ShardTopology(name, 1, new Server(name + "-0", "10.0.0.1", 5432, zone), List.of(), null);
    }

    @AfterAll
    void stop() {
        informed.close();
    }

    @Test
    void tellsTheShardsThatFollowOnTheRing() {
        HashRing ring = HashRing.of(SHARDS, 50);
        for (long key = 0; key < 50; key++) {
            List<String> owners = owners("key=" + key + "&count=3");
            assertThat(owners).isEqualTo(ring.owners(Key.bigint(key).hash(), 3));
            assertThat(owners.getFirst())
                    .isEqualTo(router.get("/v1/route?table=orders&key=" + key)
                            .body()
                            .at("/shard")
                            .asText());
        }
    }

    @Test
    void takesDifferentZonesFirstOnRequest() {
        HashSet<String> apart = new HashSet<>();
        for (long key = 0; key < 50; key++) {
            List<String> owners = owners("key.id=" + key + "&count=2&spread=zones");
            assertThat(owners).contains("s3").hasSize(2);
            apart.addAll(owners);
        }
        assertThat(apart).containsExactlyInAnyOrderElementsOf(SHARDS);
        assertThat(router.get("/v1/owners?table=orders&key=1&count=4")
                        .body()
                        .at("/owners")
                        .findValuesAsText("zone"))
                .containsExactlyInAnyOrder("north", "north", "north", "south");
    }

    private List<String> owners(String query) {
        Reply reply = router.get("/v1/owners?table=orders&" + query);
        assertThat(reply.status()).as(reply.toString()).isEqualTo(200);
        return reply.body().at("/owners").findValuesAsText("shard");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    ''                                     | name the table
                    table=ghosts&key=1&count=1             | is neither sharded nor a reference table
                    table=countries&key=1&count=1          | every shard holds all of public.countries
                    table=orders&key=1                     | say how many
                    table=orders&key=1&count=x             | say how many
                    table=orders&key=1&count=0             | has 1 to 4 on its ring
                    table=orders&key=1&count=5             | has 1 to 4 on its ring
                    table=orders&count=2                   | give the key
                    table=orders&key=a&count=2             | id
                    table=orders&key=1&count=2&count=3     | is given twice
                    table=orders&key=1&key.id=1&count=2    | not both
                    table=orders&key=1&count=2&spread=rack | spread is zones
                    table=orders&key=1&count=2&intent=read | known are table, count
                    table=lines&key=1&count=2              | on a consistent-hash ring alone
                    """)
    void refusesWhatHasNone(String query, String detail) {
        Reply reply = router.get("/v1/owners?" + query);
        assertThat(reply.status()).isIn(400, 404);
        assertThat(reply.body().at("/detail").asText()).contains(detail);
    }
}
