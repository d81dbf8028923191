package io.pgmosaic.local.bench.failover;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.pgmosaic.api.v1alpha1.cluster.ShardState;
import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import io.pgmosaic.local.bench.gap.Ledger;
import io.pgmosaic.local.bench.gap.Server;
import io.pgmosaic.local.cluster.Distribution;
import io.pgmosaic.local.cluster.LocalCluster;
import io.pgmosaic.local.demo.ApplicationAccess;
import io.pgmosaic.local.demo.ClusterState;
import io.pgmosaic.local.demo.Eventually;
import io.pgmosaic.local.demo.StepFailed;
import io.pgmosaic.local.platform.PostgresInstallation;
import io.pgmosaic.local.platform.ProcessFamily;

import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;

/** A cluster of one shard with three instances, its router, and the processes behind them. */
final class ShardUnderTest implements AutoCloseable {
    private static final String NAMESPACE = "default";
    private static final String NAME = "bench";
    private static final int INSTANCES = 3;
    private static final int POSTGRES_PORT = 5432;
    private static final Duration LIMIT = Duration.ofSeconds(150);

    private final LocalCluster local;

    private ShardUnderTest(LocalCluster local) {
        this.local = local;
    }

    /** Starts it, up to an operator that is ready. */
    static ShardUnderTest start(String folder) throws StepFailed, InterruptedException {
        LocalCluster local = LocalCluster.start(Distribution.locate(), folder);
        Eventually.get(
                "ready, the operator",
                LIMIT,
                () -> "see " + local.logs(),
                () -> local.isOperatorReady() ? Optional.of(true) : Optional.empty());
        return new ShardUnderTest(local);
    }

    /** Creates the cluster with the ledger's table. */
    void create() throws StepFailed, InterruptedException {
        String manifest =
                """
                apiVersion: pgmosaic.io/v1alpha1
                kind: ShardedCluster
                metadata: {name: %s, namespace: %s}
                spec:
                  postgres: {version: %d}
                  database: bench
                  owner: bench
                  shards: {count: 1}
                  instancesPerShard: %d
                  replication: {mode: SemiSync}
                  sharding:
                    strategy: HashRange
                    tables: [{name: writes, key: [{column: id, type: BigInt}]}]
                  storage: {size: 1Gi}
                  initSql: {sql: %s}
                """.formatted(NAME, NAMESPACE, PostgresInstallation.newest().version(), INSTANCES, Ledger.TABLE);
        local.client()
                .resource(local.client().getKubernetesSerialization().unmarshal(manifest, ShardedCluster.class))
                .create();
        awaitReady();
    }

    /** A router that knows where the primary is. */
    RoutedPrimary startRouter() throws StepFailed, InterruptedException {
        Pod pod = local.startRouter(NAMESPACE, NAME);
        URI address =
                Eventually.get("ready, the router", LIMIT, () -> "see " + local.logs(), () -> local.routerAddress(pod));
        return new RoutedPrimary(address, credentials(access()));
    }

    /**
     * Waits until the operator finds everything as it should be and the primary sees every standby stream.
     *
     * @return the primary's name
     */
    String awaitReady() throws StepFailed, InterruptedException {
        return Eventually.get(
                "Ready with every standby streaming",
                LIMIT,
                () -> state().map(ClusterState::summary).orElse("gone"),
                () -> state().filter(ClusterState::isReady)
                        .map(state -> state.shards().getFirst())
                        .map(ShardState::primary)
                        .filter(this::seesEveryStandby));
    }

    /** The name of some standby. */
    String standby() throws StepFailed {
        return standbys().getFirst();
    }

    /** The names of all standbys. */
    List<String> standbys() throws StepFailed {
        ShardState shard = shard();
        return shard.instances().stream()
                .map(instance -> instance.name())
                .filter(name -> !name.equals(shard.primary()))
                .toList();
    }

    /** The shard as the operator describes it. */
    ShardState shard() throws StepFailed {
        return state().orElseThrow(() -> new StepFailed("cluster " + NAME + " is gone"))
                .shards()
                .getFirst();
    }

    /** Changes the cluster by a JSON merge patch. */
    void patch(String patch) {
        local.client()
                .resources(ShardedCluster.class)
                .inNamespace(NAMESPACE)
                .withName(NAME)
                .patch(PatchContext.of(PatchType.JSON_MERGE), patch);
    }

    /** An instance's PostgreSQL for an application, whatever its role. */
    Server server(String instance) throws StepFailed {
        return server(instance, access());
    }

    /** The processes of an instance's pod. */
    ProcessFamily instance(String name) {
        return local.pods().process(NAMESPACE, name, "postgres");
    }

    /** The operator's processes. */
    ProcessFamily operator() {
        return local.operatorProcess();
    }

    Path logs() {
        return local.logs();
    }

    /** Removes what was written. To be called when it is closed. */
    void deleteFolder() {
        local.deleteFolder();
    }

    @Override
    public void close() {
        local.close();
    }

    private Optional<ClusterState> state() {
        return ClusterState.read(local.client(), NAMESPACE, NAME);
    }

    private boolean seesEveryStandby(String primary) {
        try (Connection connection = server(primary, access().asSuperuser(local.client(), NAMESPACE, NAME))
                        .connect();
                Statement select = connection.createStatement();
                ResultSet row =
                        select.executeQuery("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'")) {
            return row.next() && row.getInt(1) == INSTANCES - 1;
        } catch (SQLException | StepFailed notNow) {
            return false;
        }
    }

    private ApplicationAccess access() throws StepFailed {
        return ApplicationAccess.read(local.client(), NAMESPACE, NAME, local.folder());
    }

    private Server server(String instance, ApplicationAccess access) throws StepFailed {
        Pod pod =
                local.client().pods().inNamespace(NAMESPACE).withName(instance).get();
        if (pod == null) {
            throw new StepFailed("pod " + instance + " is gone");
        }
        return new Server(
                instance,
                Objects.requireNonNull(pod.getStatus().getPodIP(), "the pod's address"),
                POSTGRES_PORT,
                access.database(),
                credentials(access));
    }

    private static Properties credentials(ApplicationAccess access) {
        Properties properties = new Properties();
        properties.setProperty("user", access.user());
        properties.setProperty("password", access.password());
        properties.setProperty("sslmode", "verify-ca");
        properties.setProperty("sslrootcert", access.authority().toString());
        return properties;
    }
}
