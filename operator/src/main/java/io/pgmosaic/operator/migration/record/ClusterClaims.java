package io.pgmosaic.operator.migration.record;

import io.pgmosaic.api.v1alpha1.cluster.MigrationState;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterStatus;
import io.pgmosaic.operator.split.record.OvertakenException;

import java.util.Optional;

/** The part of a cluster's status that says which migration may change its shards. Pure; who stores it does so by compare-and-set. */
public final class ClusterClaims {
    private ClusterClaims() {}

    public static boolean isClaimed(ShardedClusterStatus status, MigrationId migration) {
        MigrationState claim = status.migration();
        return claim != null && claim.uid().equals(migration.uid());
    }

    /** What keeps the migration from changing the shards, for a person; empty when nothing does. */
    public static Optional<String> obstacle(ShardedClusterStatus status, MigrationId migration) {
        MigrationState claim = status.migration();
        if (claim != null && !claim.uid().equals(migration.uid())) {
            return Optional.of("SchemaMigration " + claim.name() + " is under way");
        }
        return status.splits().stream().findFirst().map(split -> "ShardSplit " + split.name() + " is under way");
    }

    /** @throws OvertakenException when another migration or a split is under way */
    public static ShardedClusterStatus claimed(ShardedClusterStatus status, MigrationId migration)
            throws OvertakenException {
        Optional<String> obstacle = obstacle(status, migration);
        if (obstacle.isPresent()) {
            throw new OvertakenException(obstacle.get());
        }
        return status.with(new MigrationState(migration.name(), migration.uid()));
    }

    /** The claim of another one stays. */
    public static ShardedClusterStatus released(ShardedClusterStatus status, MigrationId migration) {
        return isClaimed(status, migration) ? status.with((MigrationState) null) : status;
    }
}
