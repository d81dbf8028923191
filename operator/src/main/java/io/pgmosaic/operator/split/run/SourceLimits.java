package io.pgmosaic.operator.split.run;

import io.pgmosaic.api.v1alpha1.common.DurationText;
import io.pgmosaic.api.v1alpha1.split.ShardSplit;
import io.pgmosaic.api.v1alpha1.split.ThrottleSpec;
import io.pgmosaic.operator.split.copy.CopyLimits;
import org.jspecify.annotations.Nullable;

import java.util.Optional;
import java.util.function.BooleanSupplier;

/** How much of the source a split may use, as its spec says by now. */
final class SourceLimits {
    private final SplitShards shards;

    SourceLimits(SplitShards shards) {
        this.shards = shards;
    }

    /** Why the shard should not have more to do now; empty when nothing stands against it. */
    Optional<String> trouble(SplitScene scene, String shard) {
        return shards.trouble(scene, shard, DurationText.parse(throttle(scene).maxSourceLag()));
    }

    CopyLimits ofCopy(SplitScene scene, String source, BooleanSupplier isOver) {
        Long bytes = throttle(scene).bytesPerSecond();
        return new CopyLimits(() -> bytes == null ? 0 : bytes, () -> trouble(scene, source), isOver);
    }

    private static ThrottleSpec throttle(SplitScene scene) {
        @Nullable ShardSplit split = scene.split();
        return split == null ? ThrottleSpec.defaults() : split.getSpec().throttle();
    }
}
