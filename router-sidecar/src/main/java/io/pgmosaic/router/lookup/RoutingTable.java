package io.pgmosaic.router.lookup;

import io.pgmosaic.protocol.topology.ClusterTopology;
import io.pgmosaic.protocol.topology.Replica;
import io.pgmosaic.routing.key.InvalidKeyException;
import io.pgmosaic.routing.map.RowKey;
import io.pgmosaic.routing.map.UnplacedKeyException;
import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Everything a lookup needs, of one moment. Immutable. */
public final class RoutingTable {
    private final ClusterTopology topology;
    private final @Nullable String zone;
    private final GroupMaps maps;
    private final Map<String, ShardAnswers> shards;
    private final Map<String, TableRoute> tables;
    private final ShardAnswers nearest;

    /**
     * @param zone where this router is; null when unknown
     * @param shards in the order in which they are listed; each shard of the map is among them
     * @param tables by every name that a request may use
     * @param nearest answers for tables that every shard holds
     */
    RoutingTable(
            ClusterTopology topology,
            @Nullable String zone,
            GroupMaps maps,
            Map<String, ShardAnswers> shards,
            Map<String, TableRoute> tables,
            ShardAnswers nearest) {
        this.topology = topology;
        this.zone = zone;
        this.maps = maps;
        this.shards = new LinkedHashMap<>(shards);
        this.tables = new LinkedHashMap<>(tables);
        this.nearest = nearest;
    }

    public ClusterTopology topology() {
        return topology;
    }

    /** Where this router is; null when unknown. */
    public @Nullable String zone() {
        return zone;
    }

    /** Whether a server of the shard is in this router's zone; not when that is unknown. */
    public boolean isNear(String shard, @Nullable String instance) {
        @Nullable ShardAnswers answers = shards.get(shard);
        return answers != null
                && zone != null
                && Stream.concat(
                                Stream.ofNullable(answers.topology().primary()),
                                answers.topology().replicas().stream().map(Replica::server))
                        .anyMatch(server -> server.instance().equals(instance) && zone.equals(server.zone()));
    }

    /** Null for a table that is not listed in the cluster's sharding rules. */
    public @Nullable TableRoute table(String name) {
        return tables.get(name);
    }

    public Collection<TableRoute> tables() {
        return List.copyOf(new LinkedHashSet<>(tables.values()));
    }

    public Collection<ShardAnswers> shards() {
        return List.copyOf(shards.values());
    }

    /**
     * Who owns a key of a sharded table.
     *
     * @param key one text per key column, in order; null for one that may be left out
     * @throws InvalidKeyException when the texts are no key of that table
     * @throws UnplacedKeyException when no shard holds such a key
     */
    public ShardAnswers owner(TableRoute.Sharded table, List<@Nullable String> key) {
        return owner(table, table.key().parse(key));
    }

    /**
     * Who owns a key of a sharded table; where its map has a directory, who has to know of the key's entry.
     *
     * @throws UnplacedKeyException when no shard holds such a key
     */
    public ShardAnswers owner(TableRoute.Sharded table, RowKey key) {
        String shard = table.map().ownerOf(key);
        @Nullable ShardAnswers answers = shards.get(shard);
        if (answers == null) {
            throw new IllegalStateException("the table lacks shard " + shard + " of its own map");
        }
        return answers;
    }

    /** Null for a shard that is not known. */
    public @Nullable ShardAnswers shard(String name) {
        return shards.get(name);
    }

    /** One shard for reads of tables that every shard holds. */
    public ShardAnswers nearest() {
        return nearest;
    }

    public Set<String> shardNames() {
        return Collections.unmodifiableSet(shards.keySet());
    }

    /**
     * The shard for reads of tables that every shard holds, when it matters what was read or written before: the same one for
     * every router and at every time, since positions of two shards do not compare.
     */
    public ShardAnswers first() {
        return shards.values().stream()
                .min(Comparator.comparing(shard -> shard.topology().shard()))
                .orElse(nearest);
    }

    GroupMaps maps() {
        return maps;
    }
}
