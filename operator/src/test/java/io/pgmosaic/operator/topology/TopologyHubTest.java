package io.pgmosaic.operator.topology;

import io.pgmosaic.operator.ClusterKey;
import io.pgmosaic.operator.SetClock;
import io.pgmosaic.protocol.topology.ClusterTopology;
import io.pgmosaic.protocol.topology.SchemaChange;
import io.pgmosaic.protocol.topology.SchemaChanges;
import io.pgmosaic.protocol.topology.SchemaStage;
import io.pgmosaic.protocol.topology.ShardSize;
import io.pgmosaic.protocol.topology.ShardTopology;
import io.pgmosaic.protocol.topology.TopologyEvent;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

import static io.pgmosaic.operator.topology.HubTopologies.ORDERS;
import static io.pgmosaic.operator.topology.HubTopologies.at;
import static io.pgmosaic.operator.topology.HubTopologies.database;
import static io.pgmosaic.operator.topology.HubTopologies.events;
import static io.pgmosaic.operator.topology.HubTopologies.shard;
import static io.pgmosaic.operator.topology.HubTopologies.topology;
import static org.assertj.core.api.Assertions.assertThat;

/** What is told, to whom, and how soon. */
class TopologyHubTest {
    private final SetClock clock = new SetClock(Instant.EPOCH);
    private final TopologyHub hub = new TopologyHub(clock);
    private final List<TopologyEvent> heard = new ArrayList<>();

    /** Fetches what is new as soon as it is told that there is something. */
    private static final class Listener {
        final List<TopologyEvent> heard;
        final TopologyHub.Subscription subscription;

        Listener(TopologyHub hub, @Nullable String since, List<TopologyEvent> heard, Runnable whenGone) {
            this.heard = heard;
            subscription = hub.subscribe(ORDERS, since, this::fetch, whenGone);
            fetch();
        }

        /** A subscriber has one thread; publishers may call from any. */
        final synchronized void fetch() {
            if (subscription != null) {
                heard.addAll(events(subscription.next()));
            }
        }
    }

    private Listener listen() {
        return new Listener(hub, null, heard, () -> {});
    }

    @Test
    void tellsTheWholePictureFirstAndThenEveryChange() {
        hub.publish(ORDERS, topology(1, 1));
        listen();
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
        listen();
        assertThat(heard).isEmpty();
        hub.publish(ORDERS, topology(1, 1));
        assertThat(heard).containsExactly(new TopologyEvent.Snapshot(topology(1, 1)));
    }

    @Test
    void isSilentWhenOnlyTheTimeChanged() {
        listen();
        hub.publish(ORDERS, at(topology(1, 1), Instant.EPOCH));
        hub.publish(ORDERS, at(topology(1, 1), Instant.EPOCH.plusSeconds(9)));
        assertThat(heard).hasSize(1);
        assertThat(hub.current(ORDERS)).isNotNull().returns(Instant.EPOCH.plusSeconds(9), ClusterTopology::publishedAt);
    }

    @Test
    void tellsTheWholePictureWhenMoreThanServersChanged() {
        listen();
        hub.publish(ORDERS, topology(1, 1));
        ClusterTopology fewer = database("shop", List.of(shard("s0", 1)));
        hub.publish(ORDERS, fewer);
        ClusterTopology renamed = database("other", List.of(shard("s0", 1)));
        hub.publish(ORDERS, renamed);
        assertThat(heard)
                .containsExactly(
                        new TopologyEvent.Snapshot(topology(1, 1)),
                        new TopologyEvent.Snapshot(fewer),
                        new TopologyEvent.Snapshot(renamed));
    }

    @Test
    void tellsNothingToWhoLeftAndNothingOfOtherClusters() {
        Listener listener = listen();
        hub.publish(new ClusterKey("shop", "other"), topology(1, 1));
        listener.subscription.close();
        hub.publish(ORDERS, topology(1, 1));
        assertThat(heard).isEmpty();
    }

    @Test
    void endsTheSubscriptionsToAClusterThatIsGone() {
        List<String> ended = new ArrayList<>();
        hub.publish(ORDERS, topology(1, 1));
        new Listener(hub, null, heard, () -> ended.add("orders"));
        hub.forget(ORDERS);
        hub.forget(ORDERS);
        hub.publish(ORDERS, topology(9, 9));
        assertThat(ended).containsExactly("orders");
        assertThat(heard).containsExactly(new TopologyEvent.Snapshot(topology(1, 1)));
    }

    /** Whoever subscribes in the middle of changes ends up with the last one, and never hears an older one after a newer. */
    @Test
    @Timeout(60)
    void losesNothingBetweenSubscriptionAndChange() throws Exception {
        int changes = 2_000;
        hub.publish(ORDERS, topology(1, 1));
        try (ExecutorService threads = Executors.newFixedThreadPool(5)) {
            Future<?> publisher = threads.submit(() -> {
                for (int term = 2; term <= changes; term++) {
                    hub.publish(ORDERS, topology(term, 1));
                }
            });
            List<Listener> all = new ArrayList<>();
            do {
                all.add(new Listener(hub, null, new ArrayList<>(), () -> {}));
            } while (!publisher.isDone() && all.size() < 300);
            publisher.get();
            assertThat(all).allSatisfy(listener -> {
                listener.fetch();
                List<Long> terms =
                        listener.heard.stream().map(TopologyHubTest::termOfS0).toList();
                assertThat(terms).isSorted().doesNotHaveDuplicates().endsWith((long) changes);
            });
        }
    }

    private static long termOfS0(TopologyEvent event) {
        return switch (event) {
            case TopologyEvent.Snapshot snapshot ->
                snapshot.topology().shards().getFirst().term();
            case TopologyEvent.ShardChanged change -> change.shard().term();
            default -> throw new AssertionError(event);
        };
    }

    @Test
    void tellsTheNewestStateOfEachShardToWhoCouldNotTakeWhatWasBetween() {
        hub.publish(ORDERS, topology(1, 1));
        TopologyHub.Subscription slow = hub.subscribe(ORDERS, null, () -> {}, () -> {});
        slow.next();
        for (int term = 2; term <= 50; term++) {
            hub.publish(ORDERS, topology(term, term < 30 ? 1 : 2));
        }
        assertThat(events(slow.next()))
                .containsExactly(
                        new TopologyEvent.ShardChanged(shard("s1", 2)),
                        new TopologyEvent.ShardChanged(shard("s0", 50)));
        assertThat(slow.next().isEmpty()).isTrue();
        hub.publish(ORDERS, database("renamed", List.of(shard("s0", 50))));
        hub.publish(ORDERS, database("renamed", List.of(shard("s0", 51))));
        assertThat(events(slow.next()))
                .as("one picture that has the shard's change in it")
                .containsExactly(new TopologyEvent.Snapshot(database("renamed", List.of(shard("s0", 51)))));
    }

    @Test
    void writesAChangeOnceForAllWhoAreAtTheSamePlace() {
        hub.publish(ORDERS, topology(1, 1));
        List<TopologyHub.Subscription> all = Stream.generate(() -> hub.subscribe(ORDERS, null, () -> {}, () -> {}))
                .limit(100)
                .toList();
        assertThat(texts(all)).as("of the picture").isEqualTo(1);
        hub.publish(ORDERS, topology(2, 2));
        assertThat(texts(all)).as("of two changes").isEqualTo(1);
    }

    private static int texts(List<TopologyHub.Subscription> subscriptions) {
        Set<Buffer> texts = Collections.newSetFromMap(new IdentityHashMap<>());
        subscriptions.forEach(subscription -> texts.add(subscription.next().text()));
        return texts.size();
    }

    @Test
    void tellsOfPositionsAtMostOnceASecondAndOfAReplicaThatFellBehindAtOnce() {
        listen();
        hub.publish(ORDERS, database("shop", List.of(at(100, 10, 1))));
        hub.publish(ORDERS, database("shop", List.of(at(200, 5, 2))));
        hub.publish(ORDERS, database("shop", List.of(at(300, 200, 3))));
        assertThat(heard).as("what was told is still safe to act on").hasSize(1);
        hub.publish(ORDERS, database("shop", List.of(at(310, 300, 4))));
        assertThat(heard).as("290 ms more").last().isEqualTo(new TopologyEvent.ShardChanged(at(310, 300, 4)));
        clock.pass(Duration.ofMillis(899));
        hub.publish(ORDERS, database("shop", List.of(at(400, 300, 5))));
        assertThat(heard).hasSize(2);
        clock.pass(Duration.ofMillis(1));
        hub.publish(ORDERS, database("shop", List.of(at(400, 300, 6))));
        assertThat(heard).last().isEqualTo(new TopologyEvent.ShardChanged(at(400, 300, 6)));
        clock.pass(Duration.ofMinutes(1));
        hub.publish(ORDERS, database("shop", List.of(at(400, 300, 900))));
        assertThat(heard).as("nothing but an age is different").hasSize(3);
        hub.publish(ORDERS, database("shop", List.of(at(399, 300, 1))));
        assertThat(heard).as("a position that went back").hasSize(4);
        hub.publish(ORDERS, database("shop", List.of(at(399, null, 1))));
        assertThat(heard).as("a lag that nobody knows any more").hasSize(5);
        assertThat(hub.current(ORDERS)).isEqualTo(database("shop", List.of(at(399, null, 1))));
    }

    @Test
    void tellsOfASizeWithTheRegularNewsAlsoWhenTheLogStandsStill() {
        listen();
        ShardTopology measured = at(100, 10, 1);
        hub.publish(ORDERS, database("shop", List.of(measured)));
        ShardTopology grown = new ShardTopology(
                measured.shard(),
                measured.term(),
                measured.primary(),
                measured.replicas(),
                null,
                measured.written(),
                new ShardSize(1 << 30, Map.of("public.orders", 1L << 29)));
        hub.publish(ORDERS, database("shop", List.of(grown)));
        assertThat(heard).as("no reason to hurry").hasSize(1);
        clock.pass(Duration.ofSeconds(1));
        hub.publish(ORDERS, database("shop", List.of(grown)));
        assertThat(heard).last().isEqualTo(new TopologyEvent.ShardChanged(grown));
        clock.pass(Duration.ofSeconds(1));
        hub.publish(ORDERS, database("shop", List.of(grown)));
        assertThat(heard).as("once").hasSize(2);
    }

    @Test
    void howFarMigrationsAreIsToldWithoutThePictureAndOnce() {
        TopologyHub hub = new TopologyHub(new SetClock(Instant.EPOCH));
        hub.publish(ORDERS, topology(1, 1));
        TopologyHub.Subscription present = hub.subscribe(ORDERS, null, () -> {}, () -> {});
        present.next();
        String before = present.position();
        SchemaChanges first = schema(1, SchemaStage.NONE);
        SchemaChanges second = schema(2, SchemaStage.EXPANDED);
        hub.publish(ORDERS, topology(1, 1).with(first));
        hub.publish(ORDERS, topology(1, 2).with(second));
        TopologyHub.Subscription resumed = hub.subscribe(ORDERS, before, () -> {}, () -> {});
        for (TopologyHub.Subscription subscription : List.of(present, resumed)) {
            News news = subscription.next();
            assertThat(news.kind()).isEqualTo(News.Kind.CHANGES);
            assertThat(HubTopologies.positioned(news))
                    .filteredOn(TopologyEvent.ShardChanged.class::isInstance)
                    .extracting(line -> ((TopologyEvent.ShardChanged) line).schema())
                    .as("what it was in between is not sent")
                    .containsExactly(null, second);
            assertThat(subscription.next().isEmpty()).isTrue();
        }
        hub.publish(ORDERS, database("other", topology(1, 2).shards()).with(second));
        assertThat(HubTopologies.positioned(present.next())).singleElement().satisfies(line -> assertThat(
                        ((TopologyEvent.Snapshot) line).topology().schema())
                .isEqualTo(second));
    }

    private static SchemaChanges schema(long version, SchemaStage stage) {
        return new SchemaChanges(
                version, List.of(new SchemaChange("notes", List.of("public.orders"), stage, Map.of())));
    }
}
