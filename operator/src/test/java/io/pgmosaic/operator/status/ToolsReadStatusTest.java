package io.pgmosaic.operator.status;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterStatus;
import io.pgmosaic.operator.plan.Finding;
import io.pgmosaic.operator.plan.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.luaj.vm2.Globals;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.lib.jse.JsePlatform;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import static org.assertj.core.api.Assertions.assertThat;

/** What tools that wait for a cluster make of its status: those that read it as kstatus does (Flux, kubectl), and Argo CD. */
class ToolsReadStatusTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @CsvSource({
        "HEALTHY,            true,  Current,    Healthy",
        "BOOTSTRAPPING,      false, InProgress, Progressing",
        "WAITING_FOR_PODS,   false, InProgress, Progressing",
        "FAILING_OVER,       false, InProgress, Progressing",
        "ROLLING_CHANGE,     true,  InProgress, Progressing",
        "STANDBY_DOWN,       true,  InProgress, Degraded",
        "POD_FAILED,         false, Failed,     Degraded",
        "FAILOVER_BLOCKED,   false, Failed,     Degraded",
        "GUARD_FAILED,       true,  Failed,     Degraded",
    })
    void aShard(Reason reason, boolean reachable, String kstatus, String argo) throws IOException {
        ShardView view = ShardViews.of(ShardViews.record("s0"), ShardViews.instances("s0", 2), reason, reachable, null);
        ObjectNode cluster = cluster(new ClusterView(List.of(), List.of(view)), 3);
        assertThat(kstatus(cluster)).isEqualTo(kstatus);
        assertThat(argo(cluster)).containsEntry("status", argo);
        assertThat(argo(cluster).get("message")).isNotBlank();
    }

    @ParameterizedTest
    @CsvSource({"INVALID_SPEC", "PREREQUISITE_MISSING"})
    void aClusterThatNeedsAPerson(Reason reason) throws IOException {
        Finding problem = new Finding(reason, "orders", "what is wrong");
        ObjectNode cluster = cluster(new ClusterView(List.of(problem), List.of()), 3);
        assertThat(kstatus(cluster)).isEqualTo("Failed");
        assertThat(argo(cluster)).containsEntry("status", "Degraded").containsEntry("message", "what is wrong");
    }

    @Test
    void aSpecThatWasNotLookedAtYetIsNoSuccess() throws IOException {
        ShardView ready =
                ShardViews.of(ShardViews.record("s0"), ShardViews.instances("s0", 2), Reason.HEALTHY, true, null);
        ObjectNode cluster = cluster(new ClusterView(List.of(), List.of(ready)), 3);
        cluster.withObject("/metadata").put("generation", 4);
        assertThat(kstatus(cluster)).isEqualTo("InProgress");
        assertThat(argo(cluster)).containsEntry("status", "Progressing");
    }

    @Test
    void aClusterThatNobodyLookedAtIsNoSuccess() throws IOException {
        ObjectNode applied = JSON.createObjectNode();
        applied.putObject("metadata").put("generation", 1);
        applied.putObject("status").setAll(statusByDefault());
        assertThat(kstatus(applied)).isEqualTo("InProgress");
        assertThat(argo(applied)).containsEntry("status", "Progressing");
    }

    @Test
    void aClusterThatIsBeingDeletedIsNoSuccess() throws IOException {
        ObjectNode cluster = cluster(new ClusterView(List.of(), List.of()), 3);
        cluster.withObject("/metadata").put("deletionTimestamp", "2026-01-01T12:00:00Z");
        assertThat(kstatus(cluster)).isEqualTo("Terminating");
        assertThat(argo(cluster)).containsEntry("status", "Progressing");
    }

    @Test
    void whatArgoCdIsToldIsThisScript() throws IOException {
        Map<?, ?> settings = new KubernetesSerialization().unmarshal(example("argocd/argocd-cm.yaml"), Map.class);
        assertThat(((Map<?, ?>) Objects.requireNonNull(settings.get("data")))
                        .get("resource.customizations.health.pgmosaic.io_ShardedCluster"))
                .isEqualTo(example("argocd/health.lua"));
    }

    private static ObjectNode cluster(ClusterView view, long generation) {
        ShardedClusterStatus status =
                StatusFactory.build(ShardedClusterStatus.empty(), generation, view, ShardViews.NOON);
        ObjectNode cluster = JSON.createObjectNode();
        cluster.putObject("metadata").put("generation", generation);
        cluster.set("status", new KubernetesSerialization().convertValue(status, JsonNode.class));
        return cluster;
    }

    /** What an API server gives a cluster that has no status. */
    private static ObjectNode statusByDefault() throws IOException {
        try (InputStream definition = Objects.requireNonNull(
                ShardedCluster.class.getResourceAsStream("/META-INF/fabric8/shardedclusters.pgmosaic.io-v1.yml"))) {
            return new KubernetesSerialization()
                    .unmarshal(definition, JsonNode.class)
                    .at("/spec/versions/0/schema/openAPIV3Schema/properties/status/default")
                    .deepCopy();
        }
    }

    /**
     * The rules for resources of any kind, as the documentation of kstatus (sigs.k8s.io/cli-utils) has them: what is being
     * deleted, then the generation, then Reconciling and Stalled in the order in which they stand, then Ready.
     */
    private static String kstatus(JsonNode object) {
        if (object.at("/metadata").has("deletionTimestamp")) {
            return "Terminating";
        }
        JsonNode observed = object.at("/status/observedGeneration");
        if (observed.isNumber()
                && observed.asLong() != object.at("/metadata/generation").asLong()) {
            return "InProgress";
        }
        for (JsonNode condition : object.at("/status/conditions")) {
            boolean isTrue = condition.path("status").asText().equals("True");
            if (isTrue && condition.path("type").asText().equals("Reconciling")) {
                return "InProgress";
            }
            if (isTrue && condition.path("type").asText().equals("Stalled")) {
                return "Failed";
            }
        }
        for (JsonNode condition : object.at("/status/conditions")) {
            if (condition.path("type").asText().equals("Ready")
                    && !condition.path("status").asText().equals("True")) {
                return "InProgress";
            }
        }
        return "Current";
    }

    /** As Argo CD runs a health check: the object in {@code obj}, the answer is what the script returns. */
    private static Map<String, String> argo(JsonNode object) throws IOException {
        Globals lua = JsePlatform.standardGlobals();
        lua.set("obj", lua(object));
        LuaValue answer = lua.load(example("argocd/health.lua")).call();
        return Map.of(
                "status", answer.get("status").checkjstring(),
                "message", answer.get("message").checkjstring());
    }

    private static LuaValue lua(JsonNode json) {
        if (json.isObject()) {
            LuaTable table = new LuaTable();
            json.properties().forEach(entry -> table.set(entry.getKey(), lua(entry.getValue())));
            return table;
        }
        if (json.isArray()) {
            LuaTable table = new LuaTable();
            for (int i = 0; i < json.size(); i++) {
                table.set(i + 1, lua(json.get(i)));
            }
            return table;
        }
        if (json.isNumber()) {
            return LuaValue.valueOf(json.asDouble());
        }
        if (json.isBoolean()) {
            return LuaValue.valueOf(json.asBoolean());
        }
        return json.isNull() ? LuaValue.NIL : LuaValue.valueOf(json.asText());
    }

    private static String example(String name) throws IOException {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(directory.resolve("examples"))) {
            directory = Objects.requireNonNull(directory.getParent(), "run this inside the repository");
        }
        return Files.readString(directory.resolve("examples").resolve(name));
    }
}
