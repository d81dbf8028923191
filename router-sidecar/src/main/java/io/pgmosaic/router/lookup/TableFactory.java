package io.pgmosaic.router.lookup;

import io.pgmosaic.protocol.topology.ClusterTopology;
import io.pgmosaic.protocol.topology.ShardTopology;
import io.pgmosaic.protocol.topology.TableRule;
import io.pgmosaic.router.consistency.ReplicaState;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;

/**
 * Builds routing tables. Takes over from the previous one what has not changed, since with many shards the lag of some
 * replica changes all the time and the map almost never.
 */
public final class TableFactory {
    private static final String DEFAULT_SCHEMA = "public.";

    private final LookupCounters counters;
    private final int salt;
    private final @Nullable String zone;
    private final LongSupplier nanos;

    /** @param salt differs from router to router and spreads their choices among equals */
    public TableFactory(LookupCounters counters, int salt) {
        this(counters, salt, null);
    }

    /** @param zone where this router is; null when unknown */
    public TableFactory(LookupCounters counters, int salt, @Nullable String zone) {
        this(counters, salt, zone, System::nanoTime);
    }

    /** @param nanos as {@link System#nanoTime} */
    TableFactory(LookupCounters counters, int salt, @Nullable String zone, LongSupplier nanos) {
        this.counters = counters;
        this.salt = salt;
        this.zone = zone;
        this.nanos = nanos;
    }

    /** Of what an operator told alone. */
    public RoutingTable build(@Nullable RoutingTable previous, ClusterTopology topology) {
        return build(previous, topology, Map.of());
    }

    /**
     * @param found when shards were found by asking their servers; of those that are missing an operator told
     * @throws IllegalArgumentException when the topology's map or a table's key contradicts itself
     */
    public RoutingTable build(@Nullable RoutingTable previous, ClusterTopology topology, Map<String, Instant> found) {
        GroupMaps maps = previous != null
                        && previous.topology().map().equals(topology.map())
                        && previous.topology().tables().equals(topology.tables())
                ? previous.maps()
                : GroupMaps.compile(topology.map(), topology.tables());
        Map<String, ShardAnswers> shards = shards(previous, topology, found);
        return new RoutingTable(
                topology, zone, maps, shards, tables(topology, maps), nearest(List.copyOf(shards.values())));
    }

    private Map<String, ShardAnswers> shards(
            @Nullable RoutingTable previous, ClusterTopology topology, Map<String, Instant> found) {
        Map<String, ShardTopology> known = new LinkedHashMap<>();
        topology.shards().forEach(shard -> known.put(shard.shard(), shard));
        for (String shard : topology.map().allShards()) {
            known.putIfAbsent(shard, new ShardTopology(shard, 0, null, List.of(), ShardAnswers.NO_SERVERS));
        }
        ServerChoice choice = new ServerChoice(topology.routing().maxReplicaLagMillis(), salt, zone);
        boolean sameCluster =
                previous != null && previous.topology().clusterUid().equals(topology.clusterUid());
        boolean sameFrame = previous != null && sameFrame(previous.topology(), topology);
        Map<String, ShardAnswers> shards = new LinkedHashMap<>();
        for (ShardTopology shard : known.values()) {
            @Nullable ShardAnswers before = previous == null ? null : previous.shard(shard.shard());
            boolean sameTerm =
                    sameCluster && before != null && before.topology().term() == shard.term();
            @Nullable Instant foundAt = found.get(shard.shard());
            shards.put(
                    shard.shard(),
                    sameFrame
                                    && before != null
                                    && before.topology().equals(shard)
                                    && Objects.equals(before.foundAt(), foundAt)
                            ? before
                            : ShardAnswers.of(
                                    shard,
                                    foundAt,
                                    topology.map().version(),
                                    topology.database(),
                                    choice,
                                    counters.shard(shard.shard()),
                                    replicas(shard, choice, before, sameTerm)));
        }
        return shards;
    }

    private List<ReplicaState> replicas(
            ShardTopology shard, ServerChoice choice, @Nullable ShardAnswers before, boolean sameTerm) {
        Map<String, ReplicaState> known = new HashMap<>();
        if (before != null) {
            before.guaranteed()
                    .replicas()
                    .forEach(replica ->
                            known.put(replica.server().instance(), sameTerm ? replica : replica.inAnotherTerm()));
        }
        long now = nanos.getAsLong();
        return choice.ordered(shard).stream()
                .map(replica -> ReplicaState.of(
                        replica,
                        choice.isNear(replica.server().zone()),
                        shard.written(),
                        known.get(replica.server().instance()),
                        now))
                .toList();
    }

    /** Whether what each shard's answer says beside the shard itself is the same. */
    private static boolean sameFrame(ClusterTopology before, ClusterTopology after) {
        return before.map().version() == after.map().version()
                && before.database().equals(after.database())
                && before.routing().equals(after.routing());
    }

    private Map<String, TableRoute> tables(ClusterTopology topology, GroupMaps maps) {
        Map<String, TableRoute> tables = new LinkedHashMap<>();
        for (TableRule rule : topology.tables()) {
            String name = rule.qualifiedName();
            put(
                    tables,
                    new TableRoute.Sharded(
                            name,
                            rule.group() == null ? "" : rule.group(),
                            rule.rowSchema(),
                            maps.of(rule.group()),
                            counters.table(name)));
        }
        for (String name : topology.referenceTables()) {
            put(tables, new TableRoute.Reference(name, counters.table(name)));
        }
        return tables;
    }

    private static void put(Map<String, TableRoute> tables, TableRoute table) {
        tables.put(table.name(), table);
        if (table.name().startsWith(DEFAULT_SCHEMA)) {
            tables.put(table.name().substring(DEFAULT_SCHEMA.length()), table);
        }
    }

    /** The first shard that can serve a read, beginning at a place of this router's own; one with a server of its zone if there is. */
    private ShardAnswers nearest(List<ShardAnswers> shards) {
        List<ShardAnswers> ordered = new ArrayList<>(shards);
        Collections.rotate(ordered, salt);
        return ordered.stream()
                .filter(shard -> shard.read() instanceof Answer.Served)
                .min(Comparator.comparing(shard -> !isNear(shard.read())))
                .orElse(ordered.getFirst());
    }

    private boolean isNear(Answer answer) {
        return zone != null
                && answer instanceof Answer.Served served
                && zone.equals(served.server().zone());
    }
}
