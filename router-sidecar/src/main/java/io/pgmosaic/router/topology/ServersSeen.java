package io.pgmosaic.router.topology;

import io.pgmosaic.protocol.topology.Replica;
import io.pgmosaic.protocol.topology.Server;
import io.pgmosaic.protocol.topology.ShardTopology;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which servers a shard has had lately. Pure. */
final class ServersSeen {
    private ServersSeen() {}

    /** @param shards all that the topology lists now */
    static Map<String, List<Server>> after(Map<String, List<Server>> before, Collection<ShardTopology> shards) {
        Map<String, List<Server>> after = new HashMap<>();
        for (ShardTopology shard : shards) {
            after.put(shard.shard(), after(before.getOrDefault(shard.shard(), List.of()), shard));
        }
        return after;
    }

    static List<Server> after(List<Server> before, ShardTopology shard) {
        Map<String, Server> byName = new LinkedHashMap<>();
        if (shard.primary() != null) {
            add(byName, shard.primary());
        }
        shard.replicas().stream().map(Replica::server).forEach(server -> add(byName, server));
        before.forEach(server -> add(byName, server));
        List<Server> known =
                byName.values().stream().limit(KnownTopology.MOST_SERVERS).toList();
        return known.equals(before) ? before : known;
    }

    /** An instance that moved is where it was named last. */
    private static void add(Map<String, Server> byName, Server server) {
        byName.putIfAbsent(server.instance(), server);
    }
}
