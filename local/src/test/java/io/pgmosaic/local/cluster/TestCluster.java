package io.pgmosaic.local.cluster;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.pgmosaic.api.v1alpha1.cluster.ShardState;
import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import io.pgmosaic.local.platform.PostgresInstallation;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A ShardedCluster that a test creates, changes and asks about. */
final class TestCluster {
    static final String NAMESPACE = "default";

    private static final Duration LIMIT = Duration.ofSeconds(90);

    private final LocalCluster local;
    private final String name;

    private TestCluster(LocalCluster local, String name) {
        this.local = local;
        this.name = name;
    }

    /**
     * Creates a cluster.
     *
     * @param fields of the spec, in YAML's flow style, such as {@code "shards: {count: 1}"}; version and size are given
     */
    static TestCluster create(LocalCluster local, String name, String... fields) {
        TestCluster cluster = new TestCluster(local, name);
        cluster.apply(fields);
        return cluster;
    }

    /** Creates it, or replaces its spec. */
    void apply(String... fields) {
        String spec = "{" + String.join(", ", fields) + "}";
        ShardedCluster wanted = client().getKubernetesSerialization()
                .unmarshal(
                        "apiVersion: pgmosaic.io/v1alpha1\nkind: ShardedCluster\nmetadata: {name: " + name
                                + ", namespace: " + NAMESPACE + "}\nspec: " + withDefaults(spec),
                        ShardedCluster.class);
        if (find().isEmpty()) {
            client().resource(wanted).create();
            return;
        }
        client().resources(ShardedCluster.class)
                .inNamespace(NAMESPACE)
                .withName(name)
                .edit(present -> {
                    present.setSpec(wanted.getSpec());
                    return present;
                });
    }

    private static String withDefaults(String spec) {
        String version = "version: " + PostgresInstallation.newest().version();
        String complete = spec.contains("postgres: {")
                ? spec.replace("postgres: {", "postgres: {" + version + ", ")
                : spec.replaceFirst("\\{", "{postgres: {" + version + "}, ");
        return complete.contains("storage: {") ? complete : complete.replaceFirst("\\{", "{storage: {size: 1Gi}, ");
    }

    KubernetesClient client() {
        return local.client();
    }

    Optional<ShardedCluster> find() {
        return Optional.ofNullable(client().resources(ShardedCluster.class)
                .inNamespace(NAMESPACE)
                .withName(name)
                .get());
    }

    ShardedCluster get() {
        return find().orElseThrow(() -> new AssertionError("cluster " + name + " is gone"));
    }

    ShardState shard() {
        return get().getStatus().shards().getFirst();
    }

    void awaitReady() {
        awaitThat(cluster -> current(cluster, "Ready", "True"));
    }

    /** Waits until the condition has this status for the present spec, and returns it. */
    Condition awaitCondition(String type, String status, String reason) {
        awaitThat(cluster -> current(cluster, type, status)
                && condition(cluster, type).getReason().equals(reason));
        return condition(get(), type);
    }

    void awaitThat(Predicate<ShardedCluster> predicate) {
        await().atMost(LIMIT).pollInterval(Duration.ofMillis(100)).untilAsserted(() -> assertThat(find())
                .hasValueSatisfying(cluster -> assertThat(predicate.test(cluster))
                        .as(() -> client().getKubernetesSerialization().asYaml(cluster.getStatus()))
                        .isTrue()));
    }

    private static boolean current(ShardedCluster cluster, String type, String status) {
        return Objects.equals(
                        cluster.getStatus().observedGeneration(),
                        cluster.getMetadata().getGeneration())
                && cluster.getStatus().conditions().stream()
                        .anyMatch(condition -> condition.getType().equals(type)
                                && condition.getStatus().equals(status));
    }

    private static Condition condition(ShardedCluster cluster, String type) {
        return cluster.getStatus().conditions().stream()
                .filter(condition -> condition.getType().equals(type))
                .findFirst()
                .orElseThrow();
    }

    List<String> pods() {
        return client().pods().inNamespace(NAMESPACE).withLabel("pgmosaic.io/cluster", name).list().getItems().stream()
                .map(pod -> pod.getMetadata().getName())
                .sorted()
                .toList();
    }

    List<String> claims() {
        return client()
                .persistentVolumeClaims()
                .inNamespace(NAMESPACE)
                .withLabel("pgmosaic.io/cluster", name)
                .list()
                .getItems()
                .stream()
                .map(claim -> claim.getMetadata().getName())
                .sorted()
                .toList();
    }

    /** Deletes the cluster and waits until its pods are gone. */
    void delete() {
        client().resources(ShardedCluster.class)
                .inNamespace(NAMESPACE)
                .withName(name)
                .delete();
        await().atMost(LIMIT).untilAsserted(() -> assertThat(pods()).isEmpty());
    }

    /** A session of the application's user on the primary of the only shard. */
    Connection application() throws SQLException {
        return connect(text(name + "-app", "username"), text(name + "-app", "password"));
    }

    /** A session of the application's user on an instance. */
    Connection applicationOn(String instance) throws SQLException {
        return connect(instance, text(name + "-app", "username"), text(name + "-app", "password"));
    }

    /** A session of the superuser on the primary of the only shard. */
    Connection superuser() throws SQLException {
        return connect("postgres", text(name + "-credentials", "superuser-password"));
    }

    /** A session of the superuser on an instance. */
    Connection superuser(String instance) throws SQLException {
        return connect(instance, "postgres", text(name + "-credentials", "superuser-password"));
    }

    private Connection connect(String user, String password) throws SQLException {
        return connect(Objects.requireNonNull(shard().primary(), "there is no primary"), user, password);
    }

    private Connection connect(String instance, String user, String password) throws SQLException {
        Pod pod = client().pods().inNamespace(NAMESPACE).withName(instance).get();
        if (pod == null || pod.getStatus() == null || pod.getStatus().getPodIP() == null) {
            throw new SQLException("the pod " + instance + " has no address now");
        }
        return DriverManager.getConnection(
                "jdbc:postgresql://" + pod.getStatus().getPodIP() + ":5432/app?sslmode=require", user, password);
    }

    private String text(String secret, String key) {
        Secret found =
                client().secrets().inNamespace(NAMESPACE).withName(secret).get();
        return new String(Base64.getDecoder().decode(found.getData().get(key)), StandardCharsets.UTF_8);
    }

    static String one(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            assertThat(row.next()).isTrue();
            return row.getString(1);
        }
    }

    static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
