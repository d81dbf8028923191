package io.pgmosaic.router.topology;

import io.pgmosaic.protocol.topology.ClusterTopology;
import io.pgmosaic.protocol.topology.Replica;
import io.pgmosaic.protocol.topology.ShardTopology;

import java.util.List;
import java.util.Objects;

/**
 * Whether a change is worth a write to the disk. Positions and lags move every second, and after a restart they are too old to be
 * relied on anyway.
 */
final class KeptChange {
    private KeptChange() {}

    static boolean between(ClusterTopology before, ClusterTopology after) {
        return !before.clusterUid().equals(after.clusterUid())
                || !before.database().equals(after.database())
                || !before.map().equals(after.map())
                || !before.tables().equals(after.tables())
                || !before.referenceTables().equals(after.referenceTables())
                || !before.routing().equals(after.routing())
                || !before.schema().equals(after.schema())
                || between(before.shards(), after.shards());
    }

    private static boolean between(List<ShardTopology> before, List<ShardTopology> after) {
        if (before.size() != after.size()) {
            return true;
        }
        for (int i = 0; i < after.size(); i++) {
            if (between(before.get(i), after.get(i))) {
                return true;
            }
        }
        return false;
    }

    private static boolean between(ShardTopology before, ShardTopology after) {
        return !before.shard().equals(after.shard())
                || before.term() != after.term()
                || !Objects.equals(before.primary(), after.primary())
                || !Objects.equals(before.reason(), after.reason())
                || differ(before.replicas(), after.replicas());
    }

    private static boolean differ(List<Replica> before, List<Replica> after) {
        if (before.size() != after.size()) {
            return true;
        }
        for (int i = 0; i < after.size(); i++) {
            if (!before.get(i).server().equals(after.get(i).server())) {
                return true;
            }
        }
        return false;
    }
}
