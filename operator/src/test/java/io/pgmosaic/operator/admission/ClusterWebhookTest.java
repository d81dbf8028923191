package io.pgmosaic.operator.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.admission.v1.AdmissionResponse;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.pgmosaic.operator.validation.Problem;
import io.pgmosaic.operator.validation.SpecCases;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** With the cases by which the conditions are tested. */
class ClusterWebhookTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    static Stream<SpecCases.Case> refused() {
        return SpecCases.refused();
    }

    static Stream<SpecCases.Case> accepted() {
        return SpecCases.accepted();
    }

    private static AdmissionResponse answer(JsonNode request, @Nullable JsonNode running) {
        ClusterWebhook webhook =
                new ClusterWebhook(new KubernetesSerialization(), cluster -> Optional.ofNullable(running)
                        .map(SpecCases::parse));
        return webhook.answer(request);
    }

    private static ObjectNode request(SpecCases.Case entry) {
        ObjectNode request = JSON.createObjectNode();
        request.set("object", cluster(entry.name(), entry.spec(), entry.before() != null));
        if (entry.before() != null) {
            request.set("oldObject", cluster(entry.name(), entry.before(), true));
        }
        return request;
    }

    private static ObjectNode cluster(String name, JsonNode spec, boolean exists) {
        ObjectNode cluster = JSON.createObjectNode();
        cluster.put("apiVersion", "pgmosaic.io/v1alpha1").put("kind", "ShardedCluster");
        cluster.withObject("/metadata").put("name", name).put("namespace", "shop");
        if (exists) {
            cluster.withObject("/metadata").put("uid", "uid-1");
        }
        cluster.set("spec", spec);
        return cluster;
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refusesWithTheWordsOfTheConditions(SpecCases.Case entry) {
        AdmissionResponse response = answer(request(entry), entry.before());
        assertThat(response.getAllowed()).isFalse();
        assertThat(response.getStatus().getMessage())
                .isEqualTo(entry.problems().stream().map(Problem::toString).collect(Collectors.joining("; ")))
                .contains(String.valueOf(entry.operator()));
        assertThat(response.getStatus().getCode()).isEqualTo(422);
    }

    @ParameterizedTest
    @MethodSource("accepted")
    void letsInWhatCanBeCarriedOut(SpecCases.Case entry) {
        assertThat(answer(request(entry), entry.before()).getAllowed()).isTrue();
    }

    private static SpecCases.Case change() {
        return refused().filter(entry -> entry.before() != null).findFirst().orElseThrow();
    }

    /** What runs is the last spec that was valid, not the last one that was written. */
    @Test
    void judgesAChangeAgainstWhatRuns() {
        assertThat(answer(request(change()), null).getAllowed()).isTrue();
        assertThat(answer(request(change()), change().spec()).getAllowed()).isTrue();
        assertThat(answer(request(change()), change().before()).getAllowed()).isFalse();
    }

    @Test
    void letsGoWhatWasInvalidBefore() {
        SpecCases.Case invalid = change();
        ObjectNode finalizerRemoved = request(invalid);
        finalizerRemoved.set("oldObject", finalizerRemoved.get("object").deepCopy());
        finalizerRemoved
                .withObject("/oldObject/metadata")
                .putArray("finalizers")
                .add("example.org/kept");
        assertThat(answer(finalizerRemoved, invalid.before()).getAllowed()).isTrue();

        ObjectNode deleted = request(invalid);
        deleted.withObject("/object/metadata").put("deletionTimestamp", "2026-01-01T00:00:00Z");
        assertThat(answer(deleted, invalid.before()).getAllowed()).isTrue();
    }
}
