package io.pgmosaic.operator.cluster;

import io.pgmosaic.api.v1alpha1.cluster.ShardState;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterStatus;
import io.pgmosaic.api.v1alpha1.cluster.SplitState;
import io.pgmosaic.maps.RecordedMap;

import java.util.List;
import java.util.Optional;

/** Which shards are on their way out: those that are marked so, and that nothing needs any more. */
final class Retirement {
    private Retirement() {}

    static List<ShardState> staying(ShardedClusterStatus status) {
        return status.shards().stream().filter(shard -> !leaves(shard, status)).toList();
    }

    static List<ShardState> leaving(ShardedClusterStatus status) {
        return status.shards().stream().filter(shard -> leaves(shard, status)).toList();
    }

    private static boolean leaves(ShardState shard, ShardedClusterStatus status) {
        return shard.retired() && obstacle(shard, status).isEmpty();
    }

    /** What needs the shard, for a person. */
    static Optional<String> obstacle(ShardState shard, ShardedClusterStatus status) {
        if (status.map() != null && RecordedMap.shards(status.map()).contains(shard.name())) {
            return Optional.of("the map gives it keys");
        }
        return status.splits().stream()
                .filter(split -> !split.finished() && concerns(split, shard))
                .findFirst()
                .map(split -> "the split " + split.name() + " is not finished");
    }

    private static boolean concerns(SplitState split, ShardState shard) {
        return split.source().equals(shard.name()) || split.parts().contains(shard.name());
    }
}
