package io.pgmosaic.e2e.kubernetes;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pgmosaic.api.v1alpha1.cluster.ShardState;
import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import io.pgmosaic.checker.Tables;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A ShardedCluster with the checker's tables, in the tests' namespace. */
final class ShopCluster {
    static final Duration LIMIT = Duration.ofMinutes(5);
    /** A cluster that is Ready for so long has noticed what was done to it. */
    static final Duration SETTLED = Duration.ofSeconds(3);

    private static final Duration POLL = Duration.ofMillis(250);

    private final Installation installation;
    private final String name;

    ShopCluster(Installation installation, String name) {
        this.installation = installation;
        this.name = name;
    }

    /**
     * Applies it as kubectl does.
     *
     * @param fields of the spec, a line each in YAML; {@code shards}, {@code instancesPerShard} and {@code storage} are given
     *     unless they are among them
     */
    String apply(String... fields) {
        StringBuilder spec = new StringBuilder();
        for (String field : fields) {
            spec.append("  ").append(field).append('\n');
        }
        given(spec, "postgres:", "postgres: {version: " + Images.POSTGRES + "}");
        given(spec, "shards:", "shards: {count: 2}");
        given(spec, "instancesPerShard:", "instancesPerShard: 3");
        given(spec, "storage:", "storage: {size: 1Gi}");
        return installation.apply("""
                apiVersion: pgmosaic.io/v1alpha1
                kind: ShardedCluster
                metadata: {name: %s}
                spec:
                  sharding:
                    tables:
                      - {name: %s, key: [{column: key, type: BigInt}]}
                      - {name: %s, key: [{column: key, type: BigInt}]}
                  initSql:
                    sql: |
                %s
                %s""".formatted(name, Tables.REGISTERS, Tables.INSERTS, Tables.SQL.indent(6), spec));
    }

    private static void given(StringBuilder spec, String field, String line) {
        if (!spec.toString().contains("  " + field)) {
            spec.append("  ").append(line).append('\n');
        }
    }

    String name() {
        return name;
    }

    Optional<ShardedCluster> find() {
        return Optional.ofNullable(installation
                .client()
                .resources(ShardedCluster.class)
                .inNamespace(Installation.SHOP)
                .withName(name)
                .get());
    }

    ShardedCluster get() {
        return find().orElseThrow(() -> new AssertionError("there is no cluster " + name));
    }

    ShardState shard(String shard) {
        return get().getStatus().shards().stream()
                .filter(state -> state.name().equals(shard))
                .findFirst()
                .orElseThrow(() -> new AssertionError("there is no shard " + shard));
    }

    /** The pod of a shard's primary. */
    Pod primary(String shard) {
        return pod(Objects.requireNonNull(shard(shard).primary(), "there is no primary"));
    }

    Pod pod(String pod) {
        Pod found = installation
                .client()
                .pods()
                .inNamespace(Installation.SHOP)
                .withName(pod)
                .get();
        return Objects.requireNonNull(found, () -> "there is no pod " + pod);
    }

    List<Pod> pods() {
        return installation
                .client()
                .pods()
                .inNamespace(Installation.SHOP)
                .withLabel("pgmosaic.io/cluster", name)
                .list()
                .getItems();
    }

    /**
     * Deletes it and waits until its pods are gone; volumes stay. In the foreground: the object stays until what it owns is gone.
     * In the background Kubernetes' garbage collector forgets a deletion that it does not see, and for half a minute after the
     * start of an API server it may watch no custom resources.
     */
    void delete() {
        installation
                .client()
                .resources(ShardedCluster.class)
                .inNamespace(Installation.SHOP)
                .withName(name)
                .withPropagationPolicy(DeletionPropagation.FOREGROUND)
                .delete();
        await().atMost(LIMIT)
                .pollInterval(POLL)
                .ignoreExceptionsInstanceOf(KubernetesClientException.class)
                .untilAsserted(() -> {
                    assertThat(pods())
                            .extracting(pod -> pod.getMetadata().getName() + " is "
                                    + pod.getStatus().getPhase() + ", deleted at "
                                    + pod.getMetadata().getDeletionTimestamp())
                            .isEmpty();
                    assertThat(find()).isEmpty();
                });
    }

    void awaitReady() {
        awaitThat(cluster -> isCurrent(cluster) && is(cluster, "Ready", "True"));
    }

    /** Waits until it has been Ready for a while, with no pod on its way out: a fault that was not noticed yet is no recovery. */
    void awaitReadyFor(Duration time) {
        await().during(time)
                .atMost(LIMIT)
                .pollInterval(POLL)
                .ignoreExceptionsInstanceOf(KubernetesClientException.class)
                .untilAsserted(() -> {
                    assertThat(get().getStatus().phase()).isEqualTo("Ready");
                    assertThat(pods()).allMatch(pod -> pod.getMetadata().getDeletionTimestamp() == null);
                });
    }

    /** Waits until a shard's old primary was replaced, or the shard is not Ready. */
    void awaitTrouble(String shard, String old) {
        awaitThat(found -> found.getStatus().shards().stream()
                .filter(state -> state.name().equals(shard))
                .anyMatch(state -> !old.equals(state.primary()) || !"Ready".equals(state.phase())));
    }

    /** Waits for a condition with this status and reason, and returns its message. */
    String awaitCondition(String type, String status, String reason) {
        awaitThat(cluster -> is(cluster, type, status)
                && condition(cluster, type)
                        .map(Condition::getReason)
                        .filter(reason::equals)
                        .isPresent());
        return condition(get(), type).map(Condition::getMessage).orElseThrow();
    }

    void awaitThat(Predicate<ShardedCluster> predicate) {
        await().atMost(LIMIT)
                .pollInterval(POLL)
                .ignoreExceptionsInstanceOf(KubernetesClientException.class)
                .untilAsserted(
                        () -> assertThat(find()).hasValueSatisfying(cluster -> assertThat(predicate.test(cluster))
                                .as(() -> installation
                                        .client()
                                        .getKubernetesSerialization()
                                        .asYaml(cluster.getStatus()))
                                .isTrue()));
    }

    private static boolean isCurrent(ShardedCluster cluster) {
        return Objects.equals(
                cluster.getStatus().observedGeneration(), cluster.getMetadata().getGeneration());
    }

    private static boolean is(ShardedCluster cluster, String type, String status) {
        return condition(cluster, type)
                .filter(condition -> status.equals(condition.getStatus()))
                .isPresent();
    }

    private static Optional<Condition> condition(ShardedCluster cluster, String type) {
        return cluster.getStatus() == null
                ? Optional.empty()
                : cluster.getStatus().conditions().stream()
                        .filter(condition -> condition.getType().equals(type))
                        .findFirst();
    }
}
