package io.pgmosaic.local.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Pod;
import io.pgmosaic.local.pods.Volumes;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.Objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A failover that one router hears of from an operator that does not lead, and another one missed: it is started with the file
 * from before, when no operator runs any more.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RouterAloneTest {
    private static final Duration LIMIT = Duration.ofSeconds(90);

    @TempDir
    private Path folder;

    private final LocalCluster local = LocalCluster.start(
            Distribution.locate(), "alone-" + ProcessHandle.current().pid(), Volumes.folders(), 2);

    @AfterAll
    void end() {
        local.close();
        local.deleteFolder();
    }

    @Test
    void aRouterThatMissedAFailoverFindsTheNewPrimaryWithoutAnOperator() throws Exception {
        await().atMost(LIMIT).until(() -> local.operators().areReady());
        TestCluster cluster = TestCluster.create(local, "orders", "shards: {count: 1}", "instancesPerShard: 3");
        cluster.awaitReady();
        String before = Objects.requireNonNull(cluster.shard().primary());
        long term = cluster.shard().term();
        String leader = local.operators().leader().orElseThrow();
        String follower = local.operators().names().stream()
                .filter(name -> !name.equals(leader))
                .findFirst()
                .orElseThrow();
        Path old = Files.createDirectories(folder.resolve("old"));

        try (RouterProcess told =
                RouterProcess.start(local, "orders", url(follower), Files.createDirectories(folder.resolve("told")))) {
            awaitPrimary(told, before);
            Files.copy(folder.resolve("told/topology.json"), old.resolve("topology.json"));
            local.pods().process(TestCluster.NAMESPACE, before, "postgres").kill();
            await().atMost(LIMIT).until(() -> {
                JsonNode shard = told.shard();
                return shard.at("/term").asLong() > term && shard.has("primary");
            });
            assertThat(told.shard().has("source")).as("an operator told").isFalse();
        }
        cluster.awaitThat(found -> found.getStatus().shards().getFirst().election() == null);
        String after = Objects.requireNonNull(cluster.shard().primary());
        long newTerm = cluster.shard().term();
        String urls = url(leader) + "," + url(follower);
        for (String operator : local.operators().names()) {
            end(operator);
        }

        try (RouterProcess alone = RouterProcess.start(local, "orders", urls, old)) {
            awaitPrimary(alone, before);
            awaitPrimary(alone, after);
            JsonNode shard = alone.shard();
            assertThat(shard.at("/source").asText()).isEqualTo("probe");
            assertThat(shard.at("/term").asLong()).isEqualTo(newTerm).isGreaterThan(term);
            shard.at("/replicas").forEach(replica -> assertThat(replica.has("lagMillis"))
                    .as("nobody watches it: " + replica)
                    .isFalse());
        }
        try (Connection application = cluster.applicationOn(after)) {
            TestCluster.run(application, "CREATE TABLE public.still_served (id bigint)");
        }
    }

    private static void awaitPrimary(RouterProcess router, String instance) {
        await().atMost(LIMIT).untilAsserted(() -> assertThat(
                        router.shard().at("/primary/instance").asText())
                .as(router::account)
                .isEqualTo(instance));
    }

    private String url(String operator) {
        return "https://" + pod(operator).getStatus().getPodIP() + ":8443";
    }

    /** For good: it is not started again. */
    private void end(String operator) {
        local.operators().process(operator).kill();
        local.client().resource(pod(operator)).withGracePeriod(0).delete();
    }

    private Pod pod(String operator) {
        return local.client()
                .pods()
                .inNamespace(ProductPods.OPERATOR_NAMESPACE)
                .withName(operator)
                .require();
    }
}
