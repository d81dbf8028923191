package io.pgmosaic.router.topology;

import io.pgmosaic.protocol.topology.ClusterTopology;
import io.pgmosaic.protocol.topology.SchemaChanges;
import io.pgmosaic.protocol.topology.ShardTopology;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a router knows after it has received something more. Pure.
 *
 * <pre>
 * snapshot of another cluster uid  -> all of it replaces what was known, terms too: the cluster was made anew
 * map                              -> the higher version; the received one when equal. Tables, database and routing
 *                                     policy go with the map
 * each shard                       -> the received one unless its term is lower than the highest known of that shard
 * migrations                       -> the higher version
 * shard missing in the snapshot    -> forgotten, unless the snapshot's map is the older one; its term is kept
 * </pre>
 *
 * <p>Keeps: as long as the uid stays, no shard's term is ever lower in a result than in what went before (I3), and the
 * map's version never goes down. Two operators that contradict each other can therefore delay news, never undo it.
 */
public final class TopologyMerge {
    private TopologyMerge() {}

    /**
     * @param known what is known afterwards
     * @param outdated shards whose news were older than what was known, and were ignored
     * @param recreated the received snapshot is of another cluster uid than what was known before
     */
    public record Result(KnownTopology known, List<String> outdated, boolean recreated) {
        public Result {
            outdated = List.copyOf(outdated);
        }
    }

    /** @param known null while nothing is known */
    public static Result snapshot(@Nullable KnownTopology known, ClusterTopology received) {
        if (known == null || !known.topology().clusterUid().equals(received.clusterUid())) {
            return new Result(
                    new KnownTopology(
                            received,
                            raised(Map.of(), received.shards()),
                            ServersSeen.after(Map.of(), received.shards())),
                    List.of(),
                    known != null);
        }
        ClusterTopology current = known.topology();
        boolean older = received.map().version() < current.map().version();
        Map<String, ShardTopology> before = byName(current.shards());
        Map<String, ShardTopology> after = older ? new LinkedHashMap<>(before) : new LinkedHashMap<>();
        List<String> outdated = new ArrayList<>();
        for (ShardTopology shard : received.shards()) {
            @Nullable ShardTopology had = before.get(shard.shard());
            if (shard.term() >= known.terms().getOrDefault(shard.shard(), Long.MIN_VALUE)) {
                if (had != null || !older) {
                    after.put(shard.shard(), shard);
                }
            } else {
                outdated.add(shard.shard());
                if (had != null) {
                    after.put(shard.shard(), had);
                }
            }
        }
        List<ShardTopology> shards = List.copyOf(after.values());
        return new Result(
                new KnownTopology(
                        (older ? current : received)
                                .with(shards)
                                .with(current.schema().newerOf(received.schema())),
                        raised(known.terms(), shards),
                        ServersSeen.after(known.servers(), shards)),
                outdated,
                false);
    }

    /** News of one shard, and of migrations when the operator has any. */
    public static Result shard(KnownTopology known, ShardTopology received, @Nullable SchemaChanges schema) {
        if (schema == null) {
            return shard(known, received);
        }
        KnownTopology farther = new KnownTopology(
                known.topology().with(known.topology().schema().newerOf(schema)), known.terms(), known.servers());
        return shard(farther, received);
    }

    /** News of one shard. One that the topology does not list yet is added: its map follows. */
    public static Result shard(KnownTopology known, ShardTopology received) {
        if (received.term() < known.terms().getOrDefault(received.shard(), Long.MIN_VALUE)) {
            return new Result(known, List.of(received.shard()), false);
        }
        Map<String, ShardTopology> after = byName(known.topology().shards());
        after.put(received.shard(), received);
        List<ShardTopology> shards = List.copyOf(after.values());
        return new Result(
                new KnownTopology(
                        known.topology().with(shards),
                        raised(known.terms(), shards),
                        ServersSeen.after(known.servers(), shards)),
                List.of(),
                false);
    }

    private static Map<String, ShardTopology> byName(List<ShardTopology> shards) {
        Map<String, ShardTopology> byName = new LinkedHashMap<>();
        shards.forEach(shard -> byName.put(shard.shard(), shard));
        return byName;
    }

    private static Map<String, Long> raised(Map<String, Long> terms, List<ShardTopology> shards) {
        Map<String, Long> raised = new HashMap<>(terms);
        shards.forEach(shard -> raised.merge(shard.shard(), shard.term(), Math::max));
        return raised;
    }
}
