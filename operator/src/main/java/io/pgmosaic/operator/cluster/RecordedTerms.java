package io.pgmosaic.operator.cluster;

import io.pgmosaic.api.v1alpha1.cluster.ShardState;
import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import io.pgmosaic.operator.ClusterKey;
import io.pgmosaic.operator.observe.TermConfirmations;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/** Confirms what the clusters' status records, while this operator leads. */
public final class RecordedTerms implements TermConfirmations {
    private final Leadership leadership;
    private volatile Function<ClusterKey, Optional<ShardedCluster>> clusters = key -> Optional.empty();

    public RecordedTerms(Leadership leadership) {
        this.leadership = leadership;
    }

    /** @param cache of clusters; until one is given nothing is confirmed */
    public void readFrom(Function<ClusterKey, Optional<ShardedCluster>> cache) {
        clusters = cache;
    }

    @Override
    public OptionalLong confirmed(ClusterKey cluster, String instance) {
        if (!leadership.leads()) {
            return OptionalLong.empty();
        }
        return clusters.apply(cluster)
                .filter(found -> found.getStatus() != null && found.getStatus().shards() != null)
                .flatMap(found -> found.getStatus().shards().stream()
                        .filter(shard -> instance.equals(shard.primary()))
                        .map(ShardState::term)
                        .findFirst())
                .map(OptionalLong::of)
                .orElse(OptionalLong.empty());
    }
}
