package io.pgmosaic.operator.split.run;

import io.pgmosaic.api.v1alpha1.cluster.ShardMapState;
import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterSpec;
import io.pgmosaic.api.v1alpha1.cluster.SplitState;
import io.pgmosaic.api.v1alpha1.split.ShardSplit;
import io.pgmosaic.api.v1alpha1.split.SplitPhase;
import io.pgmosaic.api.v1alpha1.split.SplitTarget;
import io.pgmosaic.maps.RecordedMap;
import io.pgmosaic.operator.split.SplitNames;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Objects;

/**
 * What one look at the API has given.
 *
 * @param split as it is declared; null when it was deleted
 * @param spec of the cluster, in force
 * @param record of the split
 */
record SplitScene(
        SplitKey key, @Nullable ShardSplit split, ShardedCluster cluster, ShardedClusterSpec spec, SplitState record) {
    ShardMapState map() {
        return Objects.requireNonNull(cluster.getStatus().map(), "a cluster with a split has a map");
    }

    /** The targets in their order; their places name their objects. */
    List<String> targets() {
        return record.targets();
    }

    SplitNames names(String target) {
        return new SplitNames(key.uid(), targets().indexOf(target));
    }

    /** The phase that a person was told of last; null for none. */
    @Nullable
    SplitPhase told() {
        return split == null ? null : split.getStatus().phase();
    }

    boolean givesUp() {
        return givesUp(split, record);
    }

    /** A declaration that is deleted gives up what has not happened; what has happened stays. */
    static boolean givesUp(@Nullable ShardSplit split, SplitState record) {
        return split == null ? !record.switched() : split.getSpec().rollback();
    }

    /** Whether the shards that a split was to make own keys. */
    static boolean haveKeys(ShardedCluster cluster, ShardSplit split) {
        ShardMapState map = cluster.getStatus().map();
        return map != null
                && split.getSpec().targets().stream()
                        .map(SplitTarget::name)
                        .filter(name -> !name.equals(split.getSpec().source()))
                        .allMatch(RecordedMap.recipe(map).allShards()::contains);
    }
}
