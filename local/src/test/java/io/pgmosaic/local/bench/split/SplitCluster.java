package io.pgmosaic.local.bench.split;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.fabric8.kubernetes.api.model.Pod;
import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import io.pgmosaic.api.v1alpha1.split.ShardSplit;
import io.pgmosaic.api.v1alpha1.split.ShardSplitStatus;
import io.pgmosaic.api.v1alpha1.split.SplitPhase;
import io.pgmosaic.client.ClientSettings;
import io.pgmosaic.client.MosaicClient;
import io.pgmosaic.client.connection.DatabaseServer;
import io.pgmosaic.local.cluster.Distribution;
import io.pgmosaic.local.cluster.LocalCluster;
import io.pgmosaic.local.demo.ApplicationAccess;
import io.pgmosaic.local.demo.ClusterState;
import io.pgmosaic.local.demo.Eventually;
import io.pgmosaic.local.demo.StepFailed;
import io.pgmosaic.local.platform.PostgresInstallation;

import javax.sql.DataSource;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** A cluster of two shards whose first one is split again and again. */
final class SplitCluster implements AutoCloseable {
    static final String TABLE = "orders";
    static final String SOURCE = "s0";
    /** The middle of the source's hashes: those from here on, and below zero, move. */
    static final long FROM = Long.MIN_VALUE / 2;

    private static final String NAMESPACE = "default";
    private static final String NAME = "grow";
    private static final int POSTGRES_PORT = 5432;
    private static final int CONNECTIONS = 16;
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private final LocalCluster local;

    private SplitCluster(LocalCluster local) {
        this.local = local;
    }

    /** Starts it, up to an operator that is ready. */
    static SplitCluster start(String folder) throws StepFailed, InterruptedException {
        SplitCluster cluster = new SplitCluster(LocalCluster.start(Distribution.locate(), folder));
        cluster.await(
                "ready, the operator", () -> cluster.local.isOperatorReady() ? Optional.of(true) : Optional.empty());
        return cluster;
    }

    /** Creates the cluster with an empty table. */
    void create() throws StepFailed, InterruptedException {
        String manifest =
                """
                apiVersion: pgmosaic.io/v1alpha1
                kind: ShardedCluster
                metadata: {name: %s, namespace: %s}
                spec:
                  postgres: {version: %d}
                  shards: {count: 2}
                  instancesPerShard: 2
                  sharding: {tables: [{name: %s, key: [{column: customer_id, type: BigInt}]}]}
                  storage: {size: 1Gi}
                  initSql:
                    sql: >-
                      CREATE TABLE %s (customer_id bigint, id bigint, n bigint NOT NULL, note text, PRIMARY KEY (customer_id, id))
                """.formatted(NAME, NAMESPACE, PostgresInstallation.newest().version(), TABLE, TABLE);
        local.client()
                .resource(local.client().getKubernetesSerialization().unmarshal(manifest, ShardedCluster.class))
                .create();
        awaitReady();
    }

    void awaitReady() throws StepFailed, InterruptedException {
        await("Ready", () -> ClusterState.read(local.client(), NAMESPACE, NAME).filter(ClusterState::isReady));
    }

    /** A client that asks a router of its own. */
    MosaicClient client() throws StepFailed, InterruptedException {
        Pod pod = local.startRouter(NAMESPACE, NAME);
        URI router = await("ready, the router", () -> local.routerAddress(pod));
        ApplicationAccess access = access();
        return MosaicClient.create(
                ClientSettings.defaults().withRouter(router).withRetryFor(LIMIT), server -> pool(server, access));
    }

    private static DataSource pool(DatabaseServer server, ApplicationAccess access) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(server.instance());
        config.setJdbcUrl("jdbc:postgresql://" + server.host() + ":" + server.port() + "/" + server.database());
        config.setUsername(access.user());
        config.setPassword(access.password());
        config.addDataSourceProperty("sslmode", "verify-ca");
        config.addDataSourceProperty("sslrootcert", access.authority().toString());
        config.setMaximumPoolSize(CONNECTIONS);
        config.setInitializationFailTimeout(-1);
        return new HikariDataSource(config);
    }

    /** The names of all shards, in the order of the cluster's record. */
    List<String> shards() throws StepFailed {
        return state().shards().stream().map(shard -> shard.name()).toList();
    }

    /** A session of the superuser on a shard's primary. */
    Connection superuser(String shard) throws StepFailed, SQLException {
        String primary = state().shards().stream()
                .filter(one -> one.name().equals(shard))
                .map(one -> one.primary())
                .filter(Objects::nonNull)
                .findFirst()
                .orElseThrow(() -> new StepFailed("shard " + shard + " has no primary"));
        Pod pod = local.client().pods().inNamespace(NAMESPACE).withName(primary).require();
        ApplicationAccess access = access().asSuperuser(local.client(), NAMESPACE, NAME);
        return DriverManager.getConnection(
                "jdbc:postgresql://" + pod.getStatus().getPodIP() + ":" + POSTGRES_PORT + "/" + access.database()
                        + "?sslmode=verify-ca&sslrootcert=" + access.authority(),
                access.user(),
                access.password());
    }

    /** Declares a split whose cut-over waits for an approval, and whose soak time does not end. */
    void split(String name, String target) {
        String manifest = """
                apiVersion: pgmosaic.io/v1alpha1
                kind: ShardSplit
                metadata: {name: %s, namespace: %s}
                spec:
                  cluster: {name: %s}
                  source: %s
                  targets: [{name: %s}, {name: %s, from: "%d"}]
                  cutOver: {approval: Manual}
                  soakTime: 24h
                """.formatted(name, NAMESPACE, NAME, SOURCE, SOURCE, target, FROM);
        local.client()
                .resource(local.client().getKubernetesSerialization().unmarshal(manifest, ShardSplit.class))
                .create();
    }

    /** Changes a split's spec by a JSON merge patch. */
    void change(String split, String spec) {
        local.client()
                .resources(ShardSplit.class)
                .inNamespace(NAMESPACE)
                .withName(split)
                .patch("{\"spec\": " + spec + "}");
    }

    ShardSplitStatus awaitPhase(String split, SplitPhase phase) throws StepFailed, InterruptedException {
        return Eventually.get(
                "in phase " + phase + ", the split " + split,
                LIMIT,
                () -> local.client().getKubernetesSerialization().asYaml(status(split)),
                () -> Optional.of(status(split)).filter(status -> status.phase() == phase));
    }

    private ShardSplitStatus status(String split) {
        return local.client()
                .resources(ShardSplit.class)
                .inNamespace(NAMESPACE)
                .withName(split)
                .require()
                .getStatus();
    }

    private <T> T await(String what, Eventually.Question<T> question) throws StepFailed, InterruptedException {
        return Eventually.get(
                what,
                LIMIT,
                () -> ClusterState.read(local.client(), NAMESPACE, NAME)
                        .map(ClusterState::summary)
                        .orElse("see " + logs()),
                question);
    }

    private ClusterState state() throws StepFailed {
        return ClusterState.read(local.client(), NAMESPACE, NAME)
                .orElseThrow(() -> new StepFailed("cluster " + NAME + " is gone"));
    }

    private ApplicationAccess access() throws StepFailed {
        return ApplicationAccess.read(local.client(), NAMESPACE, NAME, local.folder());
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
}
