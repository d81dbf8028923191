package io.pgmosaic.local.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.readiness.Readiness;
import io.pgmosaic.api.v1alpha1.cluster.InstanceState;
import io.pgmosaic.api.v1alpha1.cluster.ShardState;
import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import io.pgmosaic.checker.Access;
import io.pgmosaic.checker.Router;
import io.pgmosaic.checker.Tables;
import io.pgmosaic.checker.consistency.Counters;
import io.pgmosaic.checker.consistency.GuaranteedRouter;
import io.pgmosaic.local.cluster.Distribution;
import io.pgmosaic.local.cluster.LocalCluster;
import io.pgmosaic.local.demo.ClusterState;
import io.pgmosaic.local.platform.PostgresInstallation;
import io.pgmosaic.local.platform.ProcessFamily;
import io.pgmosaic.local.pods.Volumes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The cluster that has to endure it, and what can be known of its health from all sides. */
final class Patient implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Patient.class.getName());

    static final String NAMESPACE = "default";
    static final int INSTANCES = 3;

    /** One leads, one stands by. */
    private static final int OPERATORS = 2;

    private static final String NAME = "chaos";
    private static final String CONTAINER = "postgres";
    private static final Duration START_LIMIT = Duration.ofMinutes(3);
    private static final int PORT = 5432;

    private final LocalCluster local;
    private final int shards;
    private final Access access;
    private final Access superuser;
    private final URI address;
    private final Router router;

    private Patient(LocalCluster local, int shards, Access access, Access superuser, URI address) {
        this.local = local;
        this.shards = shards;
        this.access = access;
        this.superuser = superuser;
        this.address = address;
        this.router = new Router(address);
    }

    /**
     * Starts it and waits until it is well.
     *
     * @param folderName of the local cluster's folder
     */
    static Patient start(String folderName, int shards, boolean limitedVolumes)
            throws Waiting.TooLong, InterruptedException {
        LocalCluster local = LocalCluster.start(
                Distribution.locate(), folderName, limitedVolumes ? Volumes.limited() : Volumes.folders(), OPERATORS);
        try {
            Waiting.until(
                    START_LIMIT,
                    () -> local.isOperatorReady() ? Optional.empty() : Optional.of("the operator is not ready"));
            local.client().resource(manifest(local, shards)).create();
            Waiting.until(
                    START_LIMIT,
                    () -> state(local).isReady()
                            ? Optional.empty()
                            : Optional.of(state(local).summary()));
            Pod pod = local.startRouter(NAMESPACE, NAME);
            Waiting.until(
                    START_LIMIT,
                    () -> local.routerAddress(pod).isPresent()
                            ? Optional.empty()
                            : Optional.of("the router is not ready"));
            URI address = local.routerAddress(pod).orElseThrow();
            Accounts accounts = new Accounts(local.client(), NAMESPACE, NAME, local.folder());
            return new Patient(local, shards, accounts.application(), accounts.superuser(), address);
        } catch (Waiting.TooLong | InterruptedException | RuntimeException e) {
            local.close();
            throw e;
        }
    }

    private static ShardedCluster manifest(LocalCluster local, int shards) {
        String yaml = """
                apiVersion: pgmosaic.io/v1alpha1
                kind: ShardedCluster
                metadata: {name: %s, namespace: %s}
                spec:
                  postgres: {version: %d}
                  database: chaos
                  owner: chaos
                  shards: {count: %d}
                  instancesPerShard: %d
                  replication: {mode: SemiSync}
                  storage: {size: 1Gi}
                  sharding:
                    strategy: HashRange
                    tables:
                      - {name: %s, key: [{column: key, type: BigInt}]}
                      - {name: %s, key: [{column: key, type: BigInt}]}
                      - {name: %s, key: [{column: key, type: BigInt}]}
                """.formatted(
                        NAME,
                        NAMESPACE,
                        PostgresInstallation.newest().version(),
                        shards,
                        INSTANCES,
                        Tables.REGISTERS,
                        Tables.INSERTS,
                        Counters.TABLE);
        Map<String, Object> spec = Map.of("sql", Tables.SQL + Counters.SQL);
        String initSql = local.client().getKubernetesSerialization().asJson(spec);
        return local.client()
                .getKubernetesSerialization()
                .unmarshal(yaml + "  initSql: " + initSql + "\n", ShardedCluster.class);
    }

    LocalCluster local() {
        return local;
    }

    Access access() {
        return access;
    }

    Router router() {
        return router;
    }

    GuaranteedRouter guaranteedRouter() {
        return GuaranteedRouter.of(address);
    }

    GuaranteedRouter routerThatIgnoresGuarantees() {
        return GuaranteedRouter.thatIgnoresGuarantees(address);
    }

    List<String> shards() {
        return state(local).shards().stream().map(ShardState::name).sorted().toList();
    }

    private static ClusterState state(LocalCluster local) {
        return ClusterState.read(local.client(), NAMESPACE, NAME)
                .orElseThrow(() -> new IllegalStateException("cluster " + NAME + " is gone"));
    }

    /** The cluster's status as it is in the API. */
    JsonNode status() {
        GenericKubernetesResource found = local.client()
                .genericKubernetesResources("pgmosaic.io/v1alpha1", "ShardedCluster")
                .inNamespace(NAMESPACE)
                .withName(NAME)
                .get();
        return local.client()
                .getKubernetesSerialization()
                .convertValue(found.getAdditionalProperties().get("status"), JsonNode.class);
    }

    /** Terms and primaries, as the operator says. */
    String terms() {
        return String.join(
                ", ",
                state(local).shards().stream()
                        .map(shard -> shard.primary() + " in term " + shard.term())
                        .toList());
    }

    /** The instance at a place, as the operator sees the roles now. */
    String instance(Fault.Place place) {
        ShardState shard = shard("s" + place.shard());
        if (place.standby() == 0) {
            return Objects.requireNonNull(shard.primary(), () -> "shard " + shard.name() + " has no primary");
        }
        return shard.instances().stream()
                .map(InstanceState::name)
                .filter(name -> !name.equals(shard.primary()))
                .sorted()
                .skip(place.standby() - 1L)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("there is no " + place));
    }

    private ShardState shard(String name) {
        return state(local).shards().stream()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("there is no shard " + name));
    }

    /** The processes of an instance's pod; the manager leads them. */
    ProcessFamily processes(String instance) {
        return local.pods().process(NAMESPACE, instance, CONTAINER);
    }

    /** The folder of an instance's data volume. */
    Path volume(String instance) {
        Path folder = local.folder().resolve("volumes").resolve(NAMESPACE);
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "data-" + instance + "-????????")) {
            return found.iterator().next();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + folder, e);
        }
    }

    /** The first thing that keeps it from being as if nothing had ever happened; empty when it is well. */
    Optional<String> ailment() {
        try {
            if (!local.isOperatorReady()) {
                return Optional.of("the operator is not ready");
            }
            ClusterState state = state(local);
            if (!state.isReady()) {
                return Optional.of(state.summary());
            }
            for (ShardState shard : state.shards()) {
                for (InstanceState instance : shard.instances()) {
                    if (!instance.ready()) {
                        return Optional.of(instance.name() + " is not ready: " + instance.message());
                    }
                    Pod pod = local.client()
                            .pods()
                            .inNamespace(NAMESPACE)
                            .withName(instance.name())
                            .get();
                    if (pod == null
                            || !Readiness.isPodReady(pod)
                            || !local.pods().isOfRunningProcesses(pod)) {
                        return Optional.of("pod " + instance.name() + " is not ready");
                    }
                }
            }
            if (state.shards().size() != shards) {
                return Optional.of("the status has " + state.shards().size() + " shards");
            }
            for (ShardState shard : state.shards()) {
                Optional<String> missing = replication(shard);
                if (missing.isPresent()) {
                    return missing;
                }
            }
            return Optional.empty();
        } catch (KubernetesClientException | IllegalStateException e) {
            return Optional.of("the Kubernetes API does not tell: " + e.getMessage());
        } catch (SQLException e) {
            return Optional.of("a primary does not tell: " + e.getMessage());
        }
    }

    private Optional<String> replication(ShardState shard) throws SQLException {
        String primary = String.valueOf(shard.primary());
        try (Connection connection = connect(superuser, primary);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT current_setting('mosaic.term'), pg_is_in_recovery(),"
                        + " (SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming')")) {
            row.next();
            if (row.getLong(1) != shard.term() || row.getBoolean(2) || row.getInt(3) < INSTANCES - 1) {
                return Optional.of(primary + " is in term " + row.getString(1) + ", in recovery: " + row.getBoolean(2)
                        + ", streaming to " + row.getInt(3) + "; the shard is in term " + shard.term());
            }
            return Optional.empty();
        }
    }

    private Connection connect(Access as, String instance) throws SQLException {
        Pod pod =
                local.client().pods().inNamespace(NAMESPACE).withName(instance).get();
        if (pod == null || pod.getStatus().getPodIP() == null) {
            throw new SQLException("pod " + instance + " has no address");
        }
        return as.connect(pod.getStatus().getPodIP(), PORT);
    }

    /**
     * Lets a primary write so much log that every file set aside for it is used, so that a full volume, its own or a standby's,
     * cannot go unnoticed. Returns when that is done or it can write no more.
     *
     * @param limitMegabytes how much at most
     */
    void writeLog(String primary, int limitMegabytes) {
        try (Connection connection = connect(superuser, primary);
                Statement statement = connection.createStatement()) {
            for (int megabytes = 0; megabytes < limitMegabytes; megabytes++) {
                statement.execute("SELECT pg_logical_emit_message(false, 'chaos', repeat('x', 1000000))");
            }
        } catch (SQLException | KubernetesClientException unable) {
            LOG.log(Level.FINE, "no more log on " + primary, unable);
        }
    }

    /**
     * Lets a standby receive its log and not replay it, or go on with that.
     *
     * @throws SQLException also when it is no standby
     */
    void holdReplay(String standby, boolean held) throws SQLException {
        try (Connection connection = connect(superuser, standby);
                Statement statement = connection.createStatement()) {
            statement.execute(held ? "SELECT pg_wal_replay_pause()" : "SELECT pg_wal_replay_resume()");
        }
    }

    /** A superuser's connection to the primary of each shard. */
    List<Connection> primaries() throws SQLException {
        List<Connection> connections = new ArrayList<>();
        for (ShardState shard : state(local).shards()) {
            connections.add(connect(superuser, String.valueOf(shard.primary())));
        }
        return connections;
    }

    /** Ends every process. What was written stays. */
    @Override
    public void close() {
        local.close();
    }
}
