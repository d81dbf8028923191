package io.pgmosaic.local.cluster;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pgmosaic.api.v1alpha1.cluster.ShardState;
import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A shard that the status has and the spec has not: it is made like any other, concerns nobody, and goes without a trace. */
class BornShardTest {
    private static final String CLUSTER = "splitting";

    @RegisterExtension
    static final OneLocalCluster ONE = new OneLocalCluster("born");

    @Test
    void isMadeBesideTheOthersAndGoesWithoutATrace() throws SQLException, IOException, InterruptedException {
        TestCluster cluster = TestCluster.create(
                ONE.local(),
                CLUSTER,
                "shards: {count: 1}",
                "instancesPerShard: 2",
                "storage: {size: 1Gi, onDelete: Delete}",
                "initSql: {sql: 'CREATE TABLE orders (id bigint PRIMARY KEY)'}",
                "sharding: {tables: [{name: orders, key: [{column: id, type: BigInt}]}]}");
        cluster.awaitReady();
        Pod router = ONE.local().startRouter(TestCluster.NAMESPACE, CLUSTER);
        try {
            record(cluster, shards -> Stream.concat(shards, Stream.of(ShardState.born("t0", "halve"))));
            awaitAllTheTimeReady(cluster, found -> shard(found)
                    .filter(shard -> "Ready".equals(shard.phase()) && shard.schema() != null)
                    .isPresent());
            assertThat(cluster.get().getStatus().shardsReady()).isEqualTo("1/1");
            assertThat(objects(cluster.client())).hasSize(5);
            try (Connection born = cluster.superuser(CLUSTER + "-t0-0")) {
                assertThat(TestCluster.one(born, "SELECT to_regclass('public.orders') IS NULL"))
                        .as("it gets its schema from the split")
                        .isEqualTo("t");
                TestCluster.run(born, "SET ROLE app; CREATE TABLE public.orders (id bigint PRIMARY KEY); RESET ROLE");
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> TestCluster.one(born, "SELECT count(*) FROM mosaic.guard"), "1"::equals);
                assertThat(refusal(born)).isEqualTo("MO001");
            }
            assertThat(shards(router)).contains("\"s0\"").doesNotContain("\"t0\"");

            record(cluster, shards -> shards.map(shard -> shard.name().equals("t0") ? shard.retire() : shard));
            awaitAllTheTimeReady(cluster, found -> shard(found).isEmpty());
            assertThat(objects(cluster.client())).isEmpty();
            assertThat(cluster.pods()).containsExactly(CLUSTER + "-s0-0", CLUSTER + "-s0-1");
            assertThat(cluster.claims()).containsExactly("data-" + CLUSTER + "-s0-0", "data-" + CLUSTER + "-s0-1");
        } finally {
            ONE.local().client().resource(router).withGracePeriod(0).delete();
        }
    }

    /** The SQLSTATE; empty when the row was taken. */
    private static String refusal(Connection connection) {
        try {
            TestCluster.run(connection, "INSERT INTO public.orders VALUES (1)");
            return "";
        } catch (SQLException e) {
            return e.getSQLState();
        }
    }

    private static void awaitAllTheTimeReady(TestCluster cluster, Predicate<ShardedCluster> done) {
        List<String> others = new ArrayList<>();
        cluster.awaitThat(found -> {
            boolean isReady = found.getStatus().conditions().stream()
                    .anyMatch(condition -> condition.getType().equals("Ready")
                            && condition.getStatus().equals("True"));
            if (!isReady) {
                others.add(found.getStatus().phase() + ": " + found.getStatus().message());
            }
            return done.test(found);
        });
        assertThat(others).as("what the cluster was called meanwhile").isEmpty();
    }

    private static Optional<ShardState> shard(ShardedCluster cluster) {
        return cluster.getStatus().shards().stream()
                .filter(shard -> shard.name().equals("t0"))
                .findFirst();
    }

    /** What Kubernetes has of the shard but pods and volumes. */
    private static List<String> objects(KubernetesClient client) {
        String name = CLUSTER + "-t0";
        return Stream.of(
                        client.services().inNamespace(TestCluster.NAMESPACE).list().getItems().stream(),
                        client.apps().statefulSets().inNamespace(TestCluster.NAMESPACE).list().getItems().stream(),
                        client
                                .policy()
                                .v1()
                                .podDisruptionBudget()
                                .inNamespace(TestCluster.NAMESPACE)
                                .list()
                                .getItems()
                                .stream())
                .flatMap(found -> found)
                .map(object -> object.getKind() + " " + object.getMetadata().getName())
                .filter(object -> object.contains(name))
                .toList();
    }

    private static String shards(Pod router) throws IOException, InterruptedException {
        URI address = await().atMost(Duration.ofSeconds(60))
                .until(() -> ONE.local().routerAddress(router).orElse(null), Objects::nonNull);
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(address.resolve("/v1/shards"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    /** Changes the record as a split does: by compare-and-set, again until nobody else came first. */
    private static void record(TestCluster cluster, UnaryOperator<Stream<ShardState>> change) {
        await().ignoreException(KubernetesClientException.class).untilAsserted(() -> {
            ShardedCluster found = cluster.get();
            ShardedClusterStatus status = found.getStatus();
            found.setStatus(status.with(
                    status.map(), change.apply(status.shards().stream()).toList(), status.splits()));
            cluster.client().resource(found).updateStatus();
        });
    }
}
