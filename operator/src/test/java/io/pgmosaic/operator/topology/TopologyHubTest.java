package io.pgmosaic.operator.topology;

import io.pgmosaic.operator.ClusterKey;
import io.pgmosaic.operator.SetClock;
import io.pgmosaic.protocol.Lsn;
import io.pgmosaic.protocol.instance.LogPosition;
import io.pgmosaic.protocol.topology.ClusterTopology;
import io.pgmosaic.protocol.topology.Replica;
import io.pgmosaic.protocol.topology.RoutingPolicy;
import io.pgmosaic.protocol.topology.Server;
import io.pgmosaic.protocol.topology.ShardTopology;
import io.pgmosaic.protocol.topology.TopologyEvent;
import io.pgmosaic.routing.recipe.MapRecipe;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import static org.assertj.core.api.Assertions.assertThat;

class TopologyHubTest {
    static final ClusterKey ORDERS = new ClusterKey("shop", "orders");

    private final SetClock clock = new SetClock(Instant.EPOCH);
    private final TopologyHub hub = new TopologyHub(clock);
    private final List<TopologyEvent> heard = new ArrayList<>();

    @Test
    void tellsTheWholePictureFirstAndThenEveryChange() {
        hub.publish(ORDERS, topology(1, 1));
        hub.subscribe(ORDERS, heard::add, () -> {});
        hub.publish(ORDERS, topology(1, 2));
        hub.publish(ORDERS, topology(2, 3));
        assertThat(heard)
                .containsExactly(
                        new TopologyEvent.Snapshot(topology(1, 1)),
                        new TopologyEvent.ShardChanged(shard("s1", 2)),
                        new TopologyEvent.ShardChanged(shard("s0", 2)),
                        new TopologyEvent.ShardChanged(shard("s1", 3)));
    }

    @Test
    void tellsTheFirstPictureToWhoSubscribedBefore() {
        hub.subscribe(ORDERS, heard::add, () -> {});
        assertThat(heard).isEmpty();
        hub.publish(ORDERS, topology(1, 1));
        assertThat(heard).containsExactly(new TopologyEvent.Snapshot(topology(1, 1)));
    }

    @Test
    void isSilentWhenOnlyTheTimeChanged() {
        hub.subscribe(ORDERS, heard::add, () -> {});
        hub.publish(ORDERS, at(topology(1, 1), Instant.EPOCH));
        hub.publish(ORDERS, at(topology(1, 1), Instant.EPOCH.plusSeconds(9)));
        assertThat(heard).hasSize(1);
        assertThat(hub.current(ORDERS)).isNotNull().returns(Instant.EPOCH.plusSeconds(9), ClusterTopology::publishedAt);
    }

    @Test
    void tellsTheWholePictureWhenMoreThanServersChanged() {
        hub.subscribe(ORDERS, heard::add, () -> {});
        hub.publish(ORDERS, topology(1, 1));
        ClusterTopology fewer = of("shop", List.of(shard("s0", 1)));
        hub.publish(ORDERS, fewer);
        ClusterTopology renamed = of("other", List.of(shard("s0", 1)));
        hub.publish(ORDERS, renamed);
        assertThat(heard)
                .containsExactly(
                        new TopologyEvent.Snapshot(topology(1, 1)),
                        new TopologyEvent.Snapshot(fewer),
                        new TopologyEvent.Snapshot(renamed));
    }

    @Test
    void tellsNothingToWhoLeftAndNothingOfOtherClusters() {
        Runnable leave = hub.subscribe(ORDERS, heard::add, () -> {});
        hub.publish(new ClusterKey("shop", "other"), topology(1, 1));
        leave.run();
        hub.publish(ORDERS, topology(1, 1));
        assertThat(heard).isEmpty();
    }

    @Test
    void endsTheSubscriptionsToAClusterThatIsGone() {
        List<String> ended = new ArrayList<>();
        hub.publish(ORDERS, topology(1, 1));
        hub.subscribe(ORDERS, heard::add, () -> ended.add("orders"));
        hub.forget(ORDERS);
        hub.forget(ORDERS);
        hub.publish(ORDERS, topology(9, 9));
        assertThat(ended).containsExactly("orders");
        assertThat(heard).containsExactly(new TopologyEvent.Snapshot(topology(1, 1)));
    }

    /** Whoever subscribes in the middle of changes ends up with the last one, and hears them in order. */
    @Test
    @Timeout(60)
    void losesNothingBetweenSubscriptionAndChange() throws Exception {
        int changes = 2_000;
        hub.publish(ORDERS, topology(0, 1));
        try (ExecutorService threads = Executors.newFixedThreadPool(5)) {
            Future<?> publisher = threads.submit(() -> {
                for (int term = 1; term <= changes; term++) {
                    hub.publish(ORDERS, topology(term, 1));
                }
            });
            List<List<TopologyEvent>> all = new ArrayList<>();
            do {
                List<TopologyEvent> events = new ArrayList<>();
                all.add(events);
                hub.subscribe(ORDERS, events::add, () -> {});
            } while (!publisher.isDone() && all.size() < 300);
            publisher.get();
            assertThat(all).allSatisfy(events -> {
                long first = ((TopologyEvent.Snapshot) events.getFirst())
                        .topology()
                        .shards()
                        .getFirst()
                        .term();
                assertThat(events).hasSize((int) (changes - first) + 1);
                for (int i = 1; i < events.size(); i++) {
                    assertThat(events.get(i)).isEqualTo(new TopologyEvent.ShardChanged(shard("s0", first + i)));
                }
            });
        }
    }

    @Test
    void tellsOfPositionsAtMostOnceASecondAndOfAReplicaThatFellBehindAtOnce() {
        hub.subscribe(ORDERS, heard::add, () -> {});
        hub.publish(ORDERS, of("shop", List.of(at(100, 10, 1))));
        hub.publish(ORDERS, of("shop", List.of(at(200, 5, 2))));
        hub.publish(ORDERS, of("shop", List.of(at(300, 200, 3))));
        assertThat(heard).as("what was told is still safe to act on").hasSize(1);
        hub.publish(ORDERS, of("shop", List.of(at(310, 300, 4))));
        assertThat(heard).as("290 ms more").last().isEqualTo(new TopologyEvent.ShardChanged(at(310, 300, 4)));
        clock.pass(Duration.ofMillis(899));
        hub.publish(ORDERS, of("shop", List.of(at(400, 300, 5))));
        assertThat(heard).hasSize(2);
        clock.pass(Duration.ofMillis(1));
        hub.publish(ORDERS, of("shop", List.of(at(400, 300, 6))));
        assertThat(heard).last().isEqualTo(new TopologyEvent.ShardChanged(at(400, 300, 6)));
        clock.pass(Duration.ofMinutes(1));
        hub.publish(ORDERS, of("shop", List.of(at(400, 300, 900))));
        assertThat(heard).as("nothing but an age is different").hasSize(3);
        hub.publish(ORDERS, of("shop", List.of(at(399, 300, 1))));
        assertThat(heard).as("a position that went back").hasSize(4);
        hub.publish(ORDERS, of("shop", List.of(at(399, null, 1))));
        assertThat(heard).as("a lag that nobody knows any more").hasSize(5);
        assertThat(hub.current(ORDERS)).isEqualTo(of("shop", List.of(at(399, null, 1))));
    }

    private static ShardTopology at(long position, @Nullable Integer lagMillis, long ageMillis) {
        Replica replica = new Replica(
                new Server("orders-s0-1", "10.0.0.2", 5432),
                lagMillis == null ? null : lagMillis.longValue(),
                new LogPosition(1, new Lsn(position)),
                ageMillis);
        return new ShardTopology(
                "s0",
                1,
                new Server("orders-s0-0", "10.0.0.1", 5432),
                List.of(replica),
                null,
                new LogPosition(1, new Lsn(position)));
    }

    static ClusterTopology topology(long termOfS0, long termOfS1) {
        return of("shop", List.of(shard("s0", termOfS0), shard("s1", termOfS1)));
    }

    static ClusterTopology of(String database, List<ShardTopology> shards) {
        return new ClusterTopology(
                "shop",
                "orders",
                "uid-1",
                database,
                new MapRecipe(1, null, List.of(), List.of()),
                List.of(),
                List.of(),
                new RoutingPolicy(1_000, 5_000),
                shards,
                Instant.EPOCH);
    }

    private static ShardTopology shard(String name, long term) {
        return new ShardTopology(name, term, new Server("orders-" + name + "-0", "10.0.0.1", 5432), List.of(), null);
    }

    private static ClusterTopology at(ClusterTopology topology, Instant time) {
        return new ClusterTopology(
                topology.namespace(),
                topology.cluster(),
                topology.clusterUid(),
                topology.database(),
                topology.map(),
                topology.tables(),
                topology.referenceTables(),
                topology.routing(),
                topology.shards(),
                time);
    }
}
