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
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The cluster that has to endure it, and what can be known of its health from all sides. */
final class Patient implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Patient.class.getName());

    static final String NAMESPACE = "default";
    static final int INSTANCES = 3;

    /** One leads, one stands by. */
    private static final int OPERATORS = 2;

    static final String NAME = "chaos";
    private static final String CONTAINER = "postgres";
    private static final String ROUTER_CONTAINER = "router";
    private static final Duration START_LIMIT = Duration.ofMinutes(3);
    private static final int PORT = 5432;

    private final LocalCluster local;
    private final Access access;
    private final Access superuser;
    private final URI address;
    private final String routerPod;
    private final Router router;
    private final int instances;
    /** How many there are to be; a split changes it. */
    private volatile int shards;

    /**
     * What it is made of.
     *
     * @param instances of each shard
     * @param sharding of the spec, in YAML's flow style
     * @param sql that makes the tables
     */
    record Design(int shards, int instances, String sharding, String sql) {
        /** The tables of {@link io.pgmosaic.checker.Client} and of applications that read with guarantees. */
        static Design ofRegisters(int shards) {
            String tables = Stream.of(Tables.REGISTERS, Tables.INSERTS, Counters.TABLE)
                    .map(table -> "{name: " + table + ", key: [{column: key, type: BigInt}]}")
                    .collect(Collectors.joining(", "));
            return new Design(
                    shards, INSTANCES, "{strategy: HashRange, tables: [" + tables + "]}", Tables.SQL + Counters.SQL);
        }
    }

    private Patient(LocalCluster local, Design design, Access access, Access superuser, URI address, String routerPod) {
        this.local = local;
        this.shards = design.shards();
        this.instances = design.instances();
        this.access = access;
        this.superuser = superuser;
        this.address = address;
        this.routerPod = routerPod;
        this.router = new Router(address);
    }

    /**
     * Starts it and waits until it is well.
     *
     * @param folderName of the local cluster's folder
     */
    static Patient start(String folderName, Design design, boolean limitedVolumes)
            throws Waiting.TooLong, InterruptedException {
        LocalCluster local = LocalCluster.start(
                Distribution.locate(), folderName, limitedVolumes ? Volumes.limited() : Volumes.folders(), OPERATORS);
        try {
            Waiting.until(
                    START_LIMIT,
                    () -> local.isOperatorReady() ? Optional.empty() : Optional.of("the operator is not ready"));
            local.client().resource(manifest(local, design)).create();
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
            return new Patient(
                    local,
                    design,
                    accounts.application(),
                    accounts.superuser(),
                    address,
                    pod.getMetadata().getName());
        } catch (Waiting.TooLong | InterruptedException | RuntimeException e) {
            local.close();
            throw e;
        }
    }

    private static ShardedCluster manifest(LocalCluster local, Design design) {
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
                  sharding: %s
                """.formatted(
                        NAME,
                        NAMESPACE,
                        PostgresInstallation.newest().version(),
                        design.shards(),
                        design.instances(),
                        design.sharding());
        String initSql = local.client().getKubernetesSerialization().asJson(Map.of("sql", design.sql()));
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

    /** The router's address. */
    URI address() {
        return address;
    }

    /** From now on it has this many shards when it is well. */
    void expect(int number) {
        shards = number;
    }

    List<String> shards() {
        return state(local).shards().stream().map(ShardState::name).sorted().toList();
    }

    private static ClusterState state(LocalCluster local) {
        return ClusterState.read(local.client(), NAMESPACE, NAME)
                .orElseThrow(() -> new IllegalStateException("cluster " + NAME + " is gone"));
    }

    /** The cluster as it is in the API. */
    ShardedCluster cluster() {
        return local.client()
                .resources(ShardedCluster.class)
                .inNamespace(NAMESPACE)
                .withName(NAME)
                .require();
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

    /**
     * The instance at a place, as the operator sees the roles now.
     *
     * @throws NoSuchElementException when there is none
     */
    String instance(Fault.Place place) {
        ShardState shard = shard("s" + place.shard());
        if (place.standby() == 0) {
            return Optional.ofNullable(shard.primary())
                    .orElseThrow(() -> new NoSuchElementException("shard " + shard.name() + " has no primary"));
        }
        return shard.instances().stream()
                .map(InstanceState::name)
                .filter(name -> !name.equals(shard.primary()))
                .sorted()
                .skip(place.standby() - 1L)
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException("there is no " + place));
    }

    private ShardState shard(String name) {
        return state(local).shards().stream()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException("there is no shard " + name));
    }

    /** The processes of an instance's pod; the manager leads them. */
    ProcessFamily processes(String instance) {
        return local.pods().process(NAMESPACE, instance, CONTAINER);
    }

    /** The process of the router. */
    ProcessFamily routerProcess() {
        return local.pods().process(NAMESPACE, routerPod, ROUTER_CONTAINER);
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
            if (row.getLong(1) != shard.term() || row.getBoolean(2) || row.getInt(3) < instances - 1) {
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

    /**
     * An application's connection to what the status has as the primary of a shard.
     *
     * @throws SQLException also when there is none
     */
    Connection application(String shardName) throws SQLException {
        return connect(access, primary(shardName));
    }

    /** A superuser's connection to what the status has as the primary of a shard. */
    Connection superuser(String shardName) throws SQLException {
        return connect(superuser, primary(shardName));
    }

    private String primary(String shardName) throws SQLException {
        return state(local).shards().stream()
                .filter(shard -> shard.name().equals(shardName))
                .map(ShardState::primary)
                .filter(Objects::nonNull)
                .findFirst()
                .orElseThrow(() -> new SQLException("shard " + shardName + " has no primary now", "08001"));
    }

    /** Cuts all connections to an instance, of clients and of replication, at its end. */
    void cutConnections(String instance) throws SQLException {
        try (Connection connection = connect(superuser, instance);
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                    + " AND backend_type IN ('client backend', 'walsender')");
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
