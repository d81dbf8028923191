package io.pgmosaic.operator.migration.run;

import io.pgmosaic.api.v1alpha1.cluster.SchemaChangeState;
import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import io.pgmosaic.api.v1alpha1.migration.MigrationPhase;
import io.pgmosaic.operator.migration.record.SchemaNotice;
import io.pgmosaic.operator.migration.record.Step;
import io.pgmosaic.operator.split.record.ClusterRecords;
import io.pgmosaic.operator.split.record.OvertakenException;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Has routers tell applications how far a migration is on each shard, and, before anything is undone, that it is not. Used by one thread. */
final class SchemaTeller {
    /** Many shards end a step at nearly one time, and each change is told to every router. */
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final MigrationKey key;
    private final ClusterRecords records;
    private final Clock clock;
    private long toldAt = System.nanoTime() - PAUSE.toNanos();

    SchemaTeller(MigrationKey key, ClusterRecords records, Clock clock) {
        this.key = key;
        this.records = records;
        this.clock = clock;
    }

    /** Why nothing may be undone yet, for a person; empty when it may, or nothing is to be undone. */
    Optional<String> beforeUndo(MigrationScene scene, MigrationSteps.Next next) throws OvertakenException {
        boolean undoes = next.plan().step() == Step.UNDO && !next.plan().begin().isEmpty();
        if (!undoes) {
            return Optional.empty();
        }
        ShardedCluster cluster = scene.cluster();
        Optional<String> from = scene.told().map(SchemaChangeState::undoneFrom);
        if (from.isEmpty()) {
            ShardedCluster stored = records.change(
                    key.cluster(),
                    cluster.getMetadata().getUid(),
                    status -> SchemaNotice.takenBack(status, key.id(), clock.instant()));
            from = SchemaNotice.find(stored.getStatus(), key.id()).map(SchemaChangeState::undoneFrom);
        }
        return from.filter(time -> clock.instant().isBefore(Instant.parse(time)))
                .map(time -> "applications are told first that it is taken back: statements are undone from " + time);
    }

    /** What was told of another migration stays. */
    void tell(MigrationScene scene, MigrationSteps.Next next) throws OvertakenException {
        boolean isKnown = scene.told().isPresent() || next.plan().isEnded() || !next.isUntouched();
        boolean isLast = next.plan().isEnded() || next.plan().phase() == MigrationPhase.AWAITING_APPROVAL;
        boolean isDue = isLast || System.nanoTime() - toldAt >= PAUSE.toNanos();
        ShardedCluster cluster = scene.cluster();
        boolean isNew = !SchemaNotice.reached(cluster.getStatus(), key.id(), next.reached())
                .equals(cluster.getStatus());
        if (isKnown && isDue && isNew) {
            records.change(
                    key.cluster(),
                    cluster.getMetadata().getUid(),
                    status -> SchemaNotice.reached(status, key.id(), next.reached()));
            toldAt = System.nanoTime();
        }
    }
}
