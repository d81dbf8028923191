package io.pgmosaic.router.lookup;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pgmosaic.protocol.topology.Replica;
import io.pgmosaic.protocol.topology.Server;
import io.pgmosaic.protocol.topology.ShardTopology;
import io.pgmosaic.router.harness.Topologies;
import io.pgmosaic.router.metrics.LookupMetrics;
import io.pgmosaic.routing.recipe.MapRecipe;
import io.pgmosaic.routing.recipe.OverrideRecipe;
import io.pgmosaic.routing.recipe.PlacementRecipe;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.stream.IntStream;

import static io.pgmosaic.router.harness.Topologies.headless;
import static io.pgmosaic.router.harness.Topologies.healthy;
import static io.pgmosaic.router.harness.Topologies.map;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

class RoutingTableTest {
    private static final Server PRIMARY = new Server("p", "10.0.0.1", 5432);
    private static final Server ONE = new Server("r1", "10.0.0.2", 5432);
    private static final Server TWO = new Server("r2", "10.0.0.3", 5432);

    private final TableFactory factory = new TableFactory(new LookupMetrics(new SimpleMeterRegistry()), 0);

    @Test
    void readsFromTheLeastLaggingReplicaWithinTheLimit() {
        assertThat(read(new Replica(ONE, 500L), new Replica(TWO, 200L))).isEqualTo("r2");
        assertThat(read(new Replica(ONE, 1_000L), new Replica(TWO, 1_001L))).isEqualTo("r1");
        assertThat(read(new Replica(ONE, 1_001L), new Replica(TWO, null))).isEqualTo("p");
        assertThat(read()).isEqualTo("p");
    }

    @Test
    void routersWithDifferentSaltShareEqualReplicas() {
        ShardTopology shard =
                new ShardTopology("s0", 1, PRIMARY, List.of(new Replica(ONE, 0L), new Replica(TWO, 0L)), null);
        List<String> chosen = IntStream.range(0, 100)
                .mapToObj(salt -> new ServerChoice(1_000, salt * 31_337, null))
                .map(choice -> requireNonNull(choice.choose(shard, Intent.READ)).instance())
                .toList();
        assertThat(chosen.stream().filter("r1"::equals).count()).isBetween(20L, 80L);
    }

    @Test
    void readsFromItsOwnZoneFirst() {
        Replica north = new Replica(new Server("r1", "10.0.0.2", 5432, "north"), 500L);
        Replica south = new Replica(new Server("r2", "10.0.0.3", 5432, "south"), 0L);
        Replica late = new Replica(new Server("r3", "10.0.0.4", 5432, "north"), 1_001L);
        Replica unknown = new Replica(new Server("r4", "10.0.0.5", 5432, "north"), null);
        assertThat(readIn("north", south, north)).isEqualTo("r1");
        assertThat(readIn("south", south, north)).isEqualTo("r2");
        assertThat(readIn("west", south, north))
                .as("none there: as without zones")
                .isEqualTo("r2");
        assertThat(readIn(null, south, north)).isEqualTo("r2");
        assertThat(readIn("north", late, south)).as("the limit counts first").isEqualTo("r2");
        assertThat(readIn("north", unknown, south)).isEqualTo("r2");
    }

    @Test
    void tellsWhatGoesToItsOwnZone() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        TableFactory north = new TableFactory(new LookupMetrics(registry), 0, "north");
        Server near = new Server("r1", "10.0.0.2", 5432, "north");
        count(north, new Replica(near, 0L));
        count(north, new Replica(near, 0L), new Replica(new Server("r2", "10.0.0.3", 5432, "south"), 0L));
        count(north, new Replica(new Server("r2", "10.0.0.3", 5432, "south"), 0L));
        assertThat(requests(registry, "shard.requests")).isEqualTo(3);
        assertThat(requests(registry, "pgmosaic.router.zone.requests")).isEqualTo(2);
    }

    @Test
    void readsReferenceTablesInItsOwnZoneIfThereIsAServer() {
        ShardTopology far = new ShardTopology("s0", 1, PRIMARY, List.of(), null);
        ShardTopology near = new ShardTopology("s1", 1, new Server("p1", "10.0.1.1", 5432, "north"), List.of(), null);
        for (int salt = 0; salt < 10; salt++) {
            TableFactory north = new TableFactory(new LookupMetrics(new SimpleMeterRegistry()), salt, "north");
            assertThat(north.build(null, Topologies.of(map(1), far, near))
                            .nearest()
                            .read()
                            .shard())
                    .isEqualTo("s1");
        }
    }

    private static void count(TableFactory factory, Replica... replicas) {
        ShardTopology shard = new ShardTopology("s0", 1, PRIMARY, List.of(replicas), null);
        RoutingTable table = factory.build(null, Topologies.of(map(1), shard));
        ((Answer.Served) requireNonNull(table.shard("s0")).read()).count().increment();
    }

    private static double requests(SimpleMeterRegistry registry, String name) {
        return registry.get(name)
                .tags("shard_id", "s0", "operation", "read")
                .functionCounter()
                .count();
    }

    @Test
    void takesOverWhatDidNotChange() {
        RoutingTable before = factory.build(null, Topologies.of(map(1), healthy("s0", 1), healthy("s1", 1)));
        RoutingTable after = factory.build(before, Topologies.of(map(1), healthy("s0", 1), healthy("s1", 2)));
        assertThat(after.shard("s0")).isSameAs(before.shard("s0"));
        assertThat(after.shard("s1")).isNotEqualTo(before.shard("s1"));
        assertThat(after.maps()).isSameAs(before.maps());

        RoutingTable otherMap = factory.build(after, Topologies.of(map(2), healthy("s0", 1), healthy("s1", 2)));
        assertThat(otherMap.shard("s0")).as("answers carry the map's version").isNotSameAs(after.shard("s0"));
    }

    @Test
    void answersForAShardWhoseServersAreNotKnownYet() {
        RoutingTable table = factory.build(null, Topologies.of(map(1), healthy("s0", 1)));
        assertThat(requireNonNull(table.shard("s1")).write())
                .isEqualTo(new Answer.Unavailable(
                        "s1", 0, Intent.WRITE, "the operator has not said yet which servers it has"));
    }

    @Test
    void readsReferenceTablesFromAShardThatCanServeThem() {
        ShardTopology dead = new ShardTopology("s0", 1, null, List.of(), "gone");
        assertThat(factory.build(null, Topologies.of(map(1), dead, headless("s1", 1, "no primary")))
                        .nearest()
                        .read()
                        .shard())
                .isEqualTo("s1");
        assertThat(factory.build(null, Topologies.of(map(1), dead)).nearest().read())
                .isInstanceOf(Answer.Unavailable.class);
    }

    @Test
    void usesARing() {
        MapRecipe ring =
                new MapRecipe(4, null, List.of(PlacementRecipe.ring(List.of("s0", "s1", "s2"), 150)), List.of());
        RoutingTable table =
                factory.build(null, Topologies.of(ring, healthy("s0", 1), healthy("s1", 1), healthy("s2", 1)));
        TableRoute.Sharded orders = (TableRoute.Sharded) requireNonNull(table.table("orders"));
        assertThat(IntStream.range(0, 1_000)
                        .mapToObj(key -> table.owner(orders, List.of(Integer.toString(key)))
                                .write()
                                .shard())
                        .distinct())
                .containsExactlyInAnyOrder("s0", "s1", "s2");
    }

    @Test
    void leavesOutAnOverrideThatIsAKeyOfNoTable() {
        MapRecipe odd = new MapRecipe(
                1,
                null,
                map(1).placements(),
                List.of(new OverrideRecipe(List.of("a", "b", "c"), "s0"), new OverrideRecipe(List.of("42"), "s0")));
        RoutingTable table = factory.build(null, Topologies.of(odd, healthy("s0", 1), healthy("s1", 1)));
        TableRoute.Sharded orders = (TableRoute.Sharded) requireNonNull(table.table("orders"));
        assertThat(table.owner(orders, List.of("42")).write().shard()).isEqualTo("s0");
    }

    private String read(Replica... replicas) {
        return readIn(null, replicas);
    }

    private static String readIn(@Nullable String zone, Replica... replicas) {
        TableFactory factory = new TableFactory(new LookupMetrics(new SimpleMeterRegistry()), 0, zone);
        ShardTopology shard = new ShardTopology("s0", 1, PRIMARY, List.of(replicas), null);
        RoutingTable table = factory.build(null, Topologies.of(map(1), shard));
        return ((Answer.Served) requireNonNull(table.shard("s0")).read())
                .server()
                .instance();
    }
}
