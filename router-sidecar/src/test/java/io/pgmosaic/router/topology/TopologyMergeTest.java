package io.pgmosaic.router.topology;

import io.pgmosaic.protocol.topology.ClusterTopology;
import io.pgmosaic.protocol.topology.SchemaChange;
import io.pgmosaic.protocol.topology.SchemaChanges;
import io.pgmosaic.protocol.topology.SchemaStage;
import io.pgmosaic.protocol.topology.ShardTopology;
import io.pgmosaic.router.harness.Topologies;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import static io.pgmosaic.router.harness.Topologies.headless;
import static io.pgmosaic.router.harness.Topologies.healthy;
import static io.pgmosaic.router.harness.Topologies.map;
import static org.assertj.core.api.Assertions.assertThat;

class TopologyMergeTest {
    private static final ClusterTopology START = Topologies.of(map(3), healthy("s0", 5), healthy("s1", 7));

    @Test
    void takesTheFirstSnapshotWhole() {
        TopologyMerge.Result result = TopologyMerge.snapshot(null, START);
        assertThat(result.known())
                .isEqualTo(new KnownTopology(
                        START, Map.of("s0", 5L, "s1", 7L), ServersSeen.after(Map.of(), START.shards())));
        assertThat(result.recreated()).isFalse();
    }

    @Test
    void keepsAShardWhoseNewsAreOlder() {
        TopologyMerge.Result result = TopologyMerge.snapshot(
                start(), Topologies.of(map(3), headless("s0", 4, "old"), headless("s1", 8, "new")));
        assertThat(result.known().topology().shards()).containsExactly(healthy("s0", 5), headless("s1", 8, "new"));
        assertThat(result.outdated()).containsExactly("s0");
    }

    @Test
    void takesTheLastReceivedOfEqualTerm() {
        TopologyMerge.Result result = TopologyMerge.shard(start(), headless("s0", 5, "failing over"));
        assertThat(result.known().topology().shards()).contains(headless("s0", 5, "failing over"));
    }

    @Test
    void ignoresAChangeOfLowerTerm() {
        TopologyMerge.Result result = TopologyMerge.shard(start(), healthy("s1", 6));
        assertThat(result.known()).isEqualTo(start());
        assertThat(result.outdated()).containsExactly("s1");
    }

    @Test
    void keepsTheNewerMapAndItsShards() {
        TopologyMerge.Result result =
                TopologyMerge.snapshot(start(), Topologies.of(map(2), healthy("s0", 6), healthy("s9", 1)));
        assertThat(result.known().topology().map()).isEqualTo(map(3));
        assertThat(result.known().topology().shards()).containsExactly(healthy("s0", 6), healthy("s1", 7));
    }

    @Test
    void forgetsAShardThatANewerMapLeftOutButNotItsTerm() {
        KnownTopology without = TopologyMerge.snapshot(start(), Topologies.of(map(4), healthy("s0", 5)))
                .known();
        assertThat(without.topology().shards()).containsExactly(healthy("s0", 5));

        TopologyMerge.Result back =
                TopologyMerge.snapshot(without, Topologies.of(map(5), healthy("s0", 5), healthy("s1", 6)));
        assertThat(back.known().topology().shards()).containsExactly(healthy("s0", 5));
        assertThat(back.outdated()).containsExactly("s1");
    }

    @Test
    void startsOverWithAClusterThatWasMadeAnew() {
        ClusterTopology anew = Topologies.of("another-uid", map(1), healthy("s0", 1));
        TopologyMerge.Result result = TopologyMerge.snapshot(start(), anew);
        assertThat(result.known())
                .isEqualTo(new KnownTopology(anew, Map.of("s0", 1L), ServersSeen.after(Map.of(), anew.shards())));
        assertThat(result.recreated()).isTrue();
    }

    /** Two operators, one of them ever so far behind, interleaved at random: what is known never goes back. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void neverGoesBackWhateverTheInterleaving(long seed) {
        Random random = new Random(seed);
        List<ClusterTopology> history = history(random);
        KnownTopology known = TopologyMerge.snapshot(null, history.getFirst()).known();
        Map<String, Long> highest = new HashMap<>();
        int[] position = new int[2];
        for (int step = 0; step < 2_000; step++) {
            int operator = random.nextInt(2);
            position[operator] = Math.min(history.size() - 1, position[operator] + random.nextInt(3));
            if (random.nextInt(20) == 0) {
                // The router reconnects to an operator that restarted with an old view.
                position[operator] = random.nextInt(position[operator] + 1);
            }
            ClusterTopology said = history.get(position[operator]);
            long mapBefore = known.topology().map().version();
            if (random.nextBoolean()) {
                known = TopologyMerge.snapshot(known, said).known();
            } else {
                known = TopologyMerge.shard(
                                known,
                                said.shards().get(random.nextInt(said.shards().size())))
                        .known();
            }
            assertThat(known.topology().map().version())
                    .as("seed %d, step %d", seed, step)
                    .isGreaterThanOrEqualTo(mapBefore);
            for (ShardTopology shard : known.topology().shards()) {
                long before = highest.getOrDefault(shard.shard(), 0L);
                assertThat(shard.term())
                        .as("seed %d, step %d, %s", seed, step, shard.shard())
                        .isGreaterThanOrEqualTo(before);
                highest.put(shard.shard(), shard.term());
            }
        }
    }

    /** What happened to the cluster: terms rise, the map grows, shards come and go. */
    private static List<ClusterTopology> history(Random random) {
        List<ClusterTopology> history = new ArrayList<>();
        long[] terms = {1, 1, 1, 1};
        long version = 1;
        int shards = 2;
        for (int i = 0; i < 400; i++) {
            terms[random.nextInt(terms.length)] += random.nextInt(3);
            if (random.nextInt(10) == 0) {
                version++;
                shards = 2 + random.nextInt(3);
            }
            ShardTopology[] now = new ShardTopology[shards];
            for (int shard = 0; shard < shards; shard++) {
                now[shard] = random.nextInt(4) == 0
                        ? headless("s" + shard, terms[shard], "failing over")
                        : healthy("s" + shard, terms[shard]);
            }
            history.add(Topologies.of(map(version), now));
        }
        return history;
    }

    private static KnownTopology start() {
        return TopologyMerge.snapshot(null, START).known();
    }

    @Test
    void whatIsKnownOfMigrationsNeverGoesBack() {
        SchemaChanges newer = new SchemaChanges(
                2, List.of(new SchemaChange("notes", List.of("public.orders"), SchemaStage.NONE, Map.of())));
        SchemaChanges older = new SchemaChanges(
                1, List.of(new SchemaChange("notes", List.of("public.orders"), SchemaStage.EXPANDED, Map.of())));
        KnownTopology known =
                TopologyMerge.shard(start(), healthy("s1", 7), newer).known();
        assertThat(known.topology().schema()).isEqualTo(newer);
        assertThat(TopologyMerge.shard(known, healthy("s1", 8), older).known().topology())
                .isEqualTo(TopologyMerge.shard(known, healthy("s1", 8)).known().topology());
        for (SchemaChanges said : List.of(older, SchemaChanges.NONE)) {
            for (long map : new long[] {2, 3, 4}) {
                ClusterTopology snapshot = Topologies.of(map(map), healthy("s0", 5), healthy("s1", 7));
                assertThat(TopologyMerge.snapshot(known, snapshot.with(said))
                                .known()
                                .topology()
                                .schema())
                        .isEqualTo(newer);
            }
        }
        ClusterTopology anew = Topologies.of("another-uid", map(1), healthy("s0", 1));
        assertThat(TopologyMerge.snapshot(known, anew).known().topology().schema())
                .isEqualTo(SchemaChanges.NONE);
    }
}
