package io.pgmosaic.local.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.pgmosaic.local.pods.Volumes;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Routers and two operators as processes: who gets which machine number, and what becomes of ids. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RouterIdsTest {
    private static final Duration LIMIT = Duration.ofSeconds(90);

    private final HttpClient http = HttpClient.newHttpClient();
    private final LocalCluster local = LocalCluster.start(
            Distribution.locate(), "ids-" + ProcessHandle.current().pid(), Volumes.folders(), 2);

    @BeforeAll
    void declareCluster() {
        await().atMost(LIMIT).until(local::isOperatorReady);
        TestCluster.create(local, "orders", "shards: {count: 1}", "instancesPerShard: 1", "replication: {mode: Async}")
                .awaitReady();
    }

    @AfterAll
    void end() {
        http.close();
        local.close();
        local.deleteFolder();
    }

    @Test
    void noTwoRoutersShareAMachineNumberAndOneThatIsStartedAgainGetsAnother() throws Exception {
        Map<String, Pod> routers = new HashMap<>();
        for (String name : List.of("first", "second", "third")) {
            routers.put(name, start(name));
        }
        Set<Long> ids = new HashSet<>();
        Set<Long> machines = new HashSet<>();
        for (Pod router : routers.values()) {
            machines.add(draw(router, ids));
        }
        assertThat(machines).hasSize(3);
        local.client().resource(routers.get("first")).delete();
        await().atMost(LIMIT)
                .until(() -> local.client().resource(routers.get("first")).get() == null);
        machines.add(draw(start("first"), ids));
        assertThat(machines).as("the former life's number is not used").hasSize(4);
        assertThat(ids).as("all ids").hasSize(4 * 10_000);
        ConfigMap record = local.client()
                .configMaps()
                .inNamespace(TestCluster.NAMESPACE)
                .withName("orders-machine-ids")
                .require();
        assertThat(record.getData().keySet().stream().map(Long::valueOf)).containsExactlyInAnyOrderElementsOf(machines);
        assertThat(record.getMetadata().getOwnerReferences())
                .singleElement()
                .satisfies(owner -> assertThat(owner.getName()).isEqualTo("orders"));
    }

    private Pod start(String name) {
        Pod router = local.client()
                .resource(new PodBuilder(ProductPods.router(TestCluster.NAMESPACE, "orders"))
                        .editMetadata()
                        .withName(name)
                        .endMetadata()
                        .build())
                .create();
        await().atMost(LIMIT).until(() -> local.routerAddress(router).isPresent());
        return router;
    }

    /** Adds the ids that a router gives; returns its machine number. */
    private long draw(Pod router, Set<Long> ids) throws Exception {
        URI address = local.routerAddress(router).orElseThrow().resolve("/v1/ids?kind=snowflake&count=10000");
        HttpRequest request = HttpRequest.newBuilder(address).timeout(LIMIT).build();
        HttpResponse<String> answer =
                await().atMost(LIMIT).until(() -> ask(request), reply -> reply.statusCode() == 200);
        List<Long> given = new ArrayList<>();
        for (JsonNode id : new JsonMapper().readTree(answer.body()).path("ids")) {
            given.add(Long.parseLong(id.asText()));
        }
        assertThat(given).isSorted();
        ids.addAll(given);
        List<Long> machines =
                given.stream().map(id -> id >> 12 & 1_023).distinct().toList();
        assertThat(machines).hasSize(1);
        return machines.getFirst();
    }

    private HttpResponse<String> ask(HttpRequest request) throws IOException, InterruptedException {
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }
}
