package io.pgmosaic.operator.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.pgmosaic.operator.event.EventRecorder;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/** Against an API that stores what it is given. */
@EnableKubernetesMockClient(crud = true)
class InjectionRefusalsTest {
    private static final String POD = """
            {"metadata": {"ownerReferences": [
              {"apiVersion": "v1", "kind": "Other", "name": "other", "uid": "uid-0"},
              {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "shop-api-1", "uid": "OWNER", "controller": true}]}}""";

    @SuppressWarnings("NullAway.Init")
    private KubernetesClient client;

    private static JsonNode pod(String owner) throws IOException {
        return new ObjectMapper().readTree(POD.replace("OWNER", owner));
    }

    @Test
    void areNotToldWithoutEnd() throws IOException {
        Clock clock = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
        try (EventRecorder events = new EventRecorder(client, "operator-7", clock)) {
            InjectionRefusals refusals = new InjectionRefusals(events, clock);
            for (int i = 0; i < 300; i++) {
                refusals.refused(pod("uid-" + i), "flood", "no router");
            }
        }
        assertThat(client.v1().events().inNamespace("flood").list().getItems()).hasSize(200);
    }

    @Test
    void areToldOnceToWhoeverMakesThePods() throws IOException {
        Clock clock = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
        try (EventRecorder events = new EventRecorder(client, "operator-7", clock)) {
            InjectionRefusals refusals = new InjectionRefusals(events, clock);
            refusals.refused(pod("uid-1"), "shop", "no router");
            refusals.refused(pod("uid-1"), "shop", "no router");
            refusals.refused(pod("uid-1"), "shop", "no router, for another reason");
            refusals.refused(pod("uid-2"), "shop", "no router");
            refusals.refused(new ObjectMapper().createObjectNode(), "shop", "nobody made it");
        }
        List<Event> told = client.v1().events().inNamespace("shop").list().getItems();
        assertThat(told)
                .hasSize(3)
                .allSatisfy(event -> {
                    assertThat(event.getReason()).isEqualTo("RouterNotInjected");
                    assertThat(event.getType()).isEqualTo("Warning");
                    assertThat(event.getInvolvedObject().getKind()).isEqualTo("ReplicaSet");
                    assertThat(event.getInvolvedObject().getName()).isEqualTo("shop-api-1");
                })
                .extracting(event -> event.getInvolvedObject().getUid())
                .containsExactlyInAnyOrder("uid-1", "uid-1", "uid-2");
    }
}
