package io.pgmosaic.operator.migration.run;

import io.pgmosaic.operator.ClusterKey;
import io.pgmosaic.operator.migration.record.MigrationId;

/** One migration of one cluster. */
record MigrationKey(ClusterKey cluster, MigrationId id) {
    String namespace() {
        return cluster.namespace();
    }

    @Override
    public String toString() {
        return "SchemaMigration " + cluster.namespace() + "/" + id.name();
    }
}
