package io.pgmosaic.operator.migration.drift;

import io.pgmosaic.api.v1alpha1.cluster.SchemaDriftSpec;
import io.pgmosaic.api.v1alpha1.cluster.SchemaDriftState;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterStatus;
import io.pgmosaic.api.v1alpha1.common.DurationText;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** When the schemas of a cluster's shards are compared. Pure. */
final class DriftSchedule {
    /** Of shards that differ, so that whoever puts that right sees it soon. */
    private static final Duration WHILE_THEY_DIFFER = Duration.ofMinutes(5);

    private DriftSchedule() {}

    /**
     * @param state null before the first look
     * @param requested the annotation that asks for a look; null for none
     */
    static boolean isDue(
            @Nullable SchemaDriftState state, SchemaDriftSpec spec, @Nullable String requested, Instant now) {
        if (requested != null && (state == null || !requested.equals(state.requested()))) {
            return true;
        }
        Duration every = DurationText.parse(spec.every());
        if (!every.isPositive()) {
            return false;
        }
        if (state == null || state.checkedAt() == null) {
            return true;
        }
        Duration pause = state.differing() > 0 && every.compareTo(WHILE_THEY_DIFFER) > 0 ? WHILE_THEY_DIFFER : every;
        return !now.isBefore(Instant.parse(state.checkedAt()).plus(pause));
    }

    /** Why shards are not alike by right now, or are not known; empty when they can be compared. */
    static Optional<String> obstacle(ShardedClusterStatus status) {
        if (status.migration() != null) {
            return Optional.of("SchemaMigration " + status.migration().name() + " is under way");
        }
        if (!status.splits().isEmpty()) {
            return Optional.of("ShardSplit " + status.splits().getFirst().name() + " is under way");
        }
        return status.shards().stream()
                .filter(shard -> !shard.retired() && (shard.schema() == null || shard.primary() == null))
                .findFirst()
                .map(shard -> "shard " + shard.name() + " is being set up");
    }
}
