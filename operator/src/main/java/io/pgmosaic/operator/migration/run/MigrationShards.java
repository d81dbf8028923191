package io.pgmosaic.operator.migration.run;

import io.pgmosaic.api.v1alpha1.cluster.ShardState;
import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterSpec;
import io.pgmosaic.operator.ClusterKey;
import io.pgmosaic.operator.cluster.ShardLogins;
import io.pgmosaic.operator.cluster.ShardLogins.NoLoginException;
import io.pgmosaic.operator.database.DatabaseIntent;
import io.pgmosaic.operator.instance.HttpInstanceClient;
import io.pgmosaic.operator.migration.record.MigrationId;
import io.pgmosaic.operator.migration.record.ShardRecord;
import io.pgmosaic.operator.migration.record.ShardRecords;
import io.pgmosaic.operator.observe.ClusterWatch;
import io.pgmosaic.operator.observe.StandbyLag;
import io.pgmosaic.operator.split.ShardDatabase;
import io.pgmosaic.operator.split.schema.SchemaSource;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds the shards of a cluster: in which order they are changed, whether they are well, and their databases. */
final class MigrationShards {
    /** In which a shard takes writes, and nobody is about to appoint another primary. */
    private static final Set<String> WELL = Set.of("Ready", "Degraded");

    private final ShardLogins logins;
    private final HttpInstanceClient instances;
    private final ClusterWatch watch;

    MigrationShards(ShardLogins logins, HttpInstanceClient instances, ClusterWatch watch) {
        this.logins = logins;
        this.instances = instances;
        this.watch = watch;
    }

    /** The canaries first; without any that are named, the first shard. */
    static List<String> inOrder(ShardedCluster cluster, List<String> canaries) {
        List<String> all = cluster.getStatus().shards().stream()
                .filter(shard -> !shard.retired())
                .map(ShardState::name)
                .sorted()
                .toList();
        List<String> order = new ArrayList<>(canaries);
        all.stream().filter(shard -> !canaries.contains(shard)).forEach(order::add);
        return order;
    }

    /** Why nothing should begin on the shard now; empty when it may. */
    static String notReady(ShardedCluster cluster, String shard) {
        return find(cluster, shard)
                .map(ShardState::phase)
                .filter(WELL::contains)
                .map(phase -> "")
                .orElseGet(() ->
                        "it is " + find(cluster, shard).map(ShardState::phase).orElse("not known yet"));
    }

    static long term(ShardedCluster cluster, String shard) {
        return find(cluster, shard).map(ShardState::term).orElse(0L);
    }

    private static Optional<ShardState> find(ShardedCluster cluster, String shard) {
        return cluster.getStatus().shards().stream()
                .filter(state -> state.name().equals(shard))
                .findFirst();
    }

    /** @throws NoLoginException when the shard has no primary that is known */
    ShardDatabase database(ShardedCluster cluster, ShardedClusterSpec spec, String shard) throws NoLoginException {
        ShardLogins.Login login = logins.primary(cluster, spec, shard);
        return new ShardDatabase(
                shard,
                login.server(),
                login.database(),
                spec.owner(),
                new DatabaseIntent.Passwords(login.superuser(), login.setup(), "", "", ""));
    }

    /** What the manager of the primary tells of the schema of its database. */
    SchemaSource schema(ClusterKey cluster, ShardDatabase database) {
        return SchemaSource.of(instances, cluster, database);
    }

    static ShardRecord read(ShardDatabase database, MigrationId migration) throws SQLException {
        try (Connection session = database.asSuperuser()) {
            return new ShardRecords(session, migration, database.term()).read();
        }
    }

    /** Why a shard should not have more to do now; empty when nothing stands against it. */
    Optional<String> lag(ClusterKey cluster, String shard, Duration most) {
        return watch.cluster(cluster).flatMap(found -> StandbyLag.trouble(found, shard, most));
    }
}
