package io.pgmosaic.client.topology;

import org.jspecify.annotations.Nullable;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The cluster at one moment. Immutable.
 *
 * @param database its name on every shard
 * @param shards by name
 */
public record Topology(Rules rules, String database, Map<String, ShardServers> shards) {
    public Topology {
        shards = Collections.unmodifiableMap(new LinkedHashMap<>(shards));
    }

    /** @throws UnknownTableException when the cluster has no such table */
    public TablePlacement table(String name) {
        @Nullable TablePlacement found = rules.find(name);
        if (found == null) {
            throw new UnknownTableException(name, rules.names());
        }
        return found;
    }

    /** The servers of a shard; one that nobody has told of has none. */
    public ShardServers shard(String name) {
        @Nullable ShardServers known = shards.get(name);
        return known == null
                ? new ShardServers(name, 0, null, List.of(), "the router has not told yet which servers it has")
                : known;
    }

    /** This one with what is newer in {@code later}. */
    Topology then(Topology later) {
        if (!rules.clusterUid().equals(later.rules.clusterUid())) {
            return later;
        }
        Map<String, ShardServers> merged = new LinkedHashMap<>(later.shards);
        merged.replaceAll((name, told) -> {
            @Nullable ShardServers known = shards.get(name);
            return known != null && known.term() > told.term() ? known : told;
        });
        return new Topology(later.rules.version() < rules.version() ? rules : later.rules, later.database, merged);
    }
}
