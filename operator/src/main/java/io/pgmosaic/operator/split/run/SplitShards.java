package io.pgmosaic.operator.split.run;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.pgmosaic.api.v1alpha1.cluster.InstanceState;
import io.pgmosaic.api.v1alpha1.cluster.ShardState;
import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterSpec;
import io.pgmosaic.operator.cluster.ShardLogins;
import io.pgmosaic.operator.cluster.ShardLogins.NoLoginException;
import io.pgmosaic.operator.database.DatabaseIntent;
import io.pgmosaic.operator.desired.Labels;
import io.pgmosaic.operator.instance.HttpInstanceClient;
import io.pgmosaic.operator.observe.ClusterWatch;
import io.pgmosaic.operator.observe.StandbyLag;
import io.pgmosaic.operator.split.ShardDatabase;
import io.pgmosaic.operator.split.schema.SchemaSource;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Finds the shards of a split: their databases, the managers of their primaries, how far their standbys are behind. */
final class SplitShards {
    private final ShardLogins logins;
    private final HttpInstanceClient instances;
    private final ClusterWatch watch;
    private final KubernetesClient client;

    SplitShards(ShardLogins logins, HttpInstanceClient instances, ClusterWatch watch, KubernetesClient client) {
        this.client = client;
        this.logins = logins;
        this.instances = instances;
        this.watch = watch;
    }

    /** @throws NoLoginException when the shard has no primary that is known */
    ShardDatabase database(SplitScene scene, String shard) throws NoLoginException {
        return database(scene.cluster(), scene.spec(), shard);
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
    SchemaSource schema(SplitScene scene, ShardDatabase database) {
        return SchemaSource.of(instances, scene.key().cluster(), database);
    }

    /** Why a shard should not have more to do now; empty when nothing stands against it. */
    Optional<String> trouble(SplitScene scene, String shard, Duration mostLag) {
        return watch.cluster(scene.key().cluster()).flatMap(cluster -> StandbyLag.trouble(cluster, shard, mostLag));
    }

    /** Volumes that an earlier shard of that name has left. A new one would take them for its own, with all that is in them. */
    List<String> keptClaims(SplitScene scene, String shard) {
        return client
                .persistentVolumeClaims()
                .inNamespace(scene.key().namespace())
                .withLabels(Labels.selector(scene.key().cluster().name(), shard))
                .list()
                .getItems()
                .stream()
                .map(claim -> claim.getMetadata().getName())
                .sorted()
                .toList();
    }

    /** Whether all that the shard's spec asks for is there. */
    boolean isWhole(SplitScene scene, String shard) {
        return watch.cluster(scene.key().cluster()).stream()
                .flatMap(cluster -> cluster.getStatus().shards().stream())
                .filter(state -> state.name().equals(shard))
                .map(ShardState::instances)
                .anyMatch(all -> all.size() >= scene.spec().instancesPerShard()
                        && all.stream().allMatch(InstanceState::ready));
    }
}
