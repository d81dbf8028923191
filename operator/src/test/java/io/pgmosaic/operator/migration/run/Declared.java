package io.pgmosaic.operator.migration.run;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.pgmosaic.api.v1alpha1.cluster.ShardState;
import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterStatus;
import io.pgmosaic.api.v1alpha1.migration.SchemaMigration;
import io.pgmosaic.maps.DeclaredMap;
import io.pgmosaic.maps.RecordedMap;

import java.util.List;
import java.util.Objects;

/** A cluster of two shards, and migrations of it, as people declare them. */
final class Declared {
    private static final KubernetesSerialization YAML = new KubernetesSerialization();

    private Declared() {}

    /** @param fields of the spec, beside the cluster, in YAML's flow style */
    static SchemaMigration migration(String fields) {
        SchemaMigration migration = YAML.unmarshal(
                "apiVersion: pgmosaic.io/v1alpha1\nkind: SchemaMigration\nmetadata: {name: change, uid: u}\n"
                        + "spec: {cluster: {name: orders}, " + fields + "}",
                SchemaMigration.class);
        migration.getMetadata().setGeneration(1L);
        return migration;
    }

    static MigrationScene scene(SchemaMigration migration) {
        ShardedCluster cluster = YAML.unmarshal("""
                apiVersion: pgmosaic.io/v1alpha1
                kind: ShardedCluster
                metadata: {name: orders, namespace: default, uid: c}
                spec:
                  shards: {count: 2}
                  postgres: {version: "15"}
                  storage: {size: 1Gi}
                  sharding: {tables: [{name: orders, key: [{column: tenant, type: Text}]}]}
                """, ShardedCluster.class);
        var spec = Objects.requireNonNull(cluster.getSpec());
        cluster.setStatus(ShardedClusterStatus.empty()
                .with(
                        RecordedMap.of(DeclaredMap.of(spec.shards().shardNames(), spec.sharding())),
                        List.of(ShardState.unknown("s0"), ShardState.unknown("s1")),
                        List.of()));
        return MigrationScene.of(migration, cluster, spec);
    }
}
