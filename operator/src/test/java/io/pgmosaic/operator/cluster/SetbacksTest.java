package io.pgmosaic.operator.cluster;

import io.fabric8.kubernetes.api.model.EventListBuilder;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.pgmosaic.operator.ClusterKey;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import static org.assertj.core.api.Assertions.assertThat;

/** Against an API that knows the answers to the right questions alone. */
@EnableKubernetesMockClient
class SetbacksTest {
    private static final ClusterKey ORDERS = new ClusterKey("shop", "orders");
    private static final Instant BEGAN = Instant.parse("2026-01-01T12:00:00Z");

    @SuppressWarnings("NullAway.Init")
    private KubernetesMockServer server;

    @SuppressWarnings("NullAway.Init")
    private KubernetesClient client;

    private final List<ClusterKey> news = new CopyOnWriteArrayList<>();

    @Test
    void arePartOfAPassOnceTheyWereRead() {
        answer("StatefulSet", "orders-s0", "create Pod orders-s0-0 in StatefulSet orders-s0 failed error: quota");
        Setbacks setbacks = setbacksAt(5);
        assertThat(missing(setbacks)).as("the first pass does not wait").isNull();
        Awaitility.await().untilAsserted(() -> assertThat(news).containsExactly(ORDERS));
        assertThat(missing(setbacks)).startsWith("its pod is refused: quota;");
        assertThat(news).as("nothing new").hasSize(1);
    }

    private Setbacks setbacksAt(int seconds) {
        return new Setbacks(client, news::add, Clock.fixed(BEGAN.plus(Duration.ofSeconds(seconds)), ZoneOffset.UTC));
    }

    private static @Nullable String missing(Setbacks setbacks) {
        return setbacks.of(ORDERS, "orders-s0", "orders-s0-0", null, BEGAN);
    }

    @Test
    void anApiThatRefusesTheQuestionIsNoReasonToFail() {
        server.expect()
                .get()
                .withPath(path("StatefulSet", "orders-s0"))
                .andReturn(403, new StatusBuilder().withCode(403).build())
                .always();
        assertThat(missing(setbacksAt(5))).isNull();
        Awaitility.await().until(() -> server.getRequestCount() > 0);
        assertThat(news).isEmpty();
    }

    private static String path(String kind, String name) {
        return "/api/v1/namespaces/shop/events?fieldSelector=involvedObject.kind%3D" + kind
                + "%2CinvolvedObject.name%3D" + name;
    }

    private void answer(String kind, String name, String message) {
        server.expect()
                .get()
                .withPath(path(kind, name))
                .andReturn(
                        200,
                        new EventListBuilder()
                                .addNewItem()
                                .withNewMetadata()
                                .endMetadata()
                                .withType("Warning")
                                .withReason("FailedCreate")
                                .withMessage(message)
                                .withLastTimestamp(BEGAN.plusSeconds(2).toString())
                                .endItem()
                                .build())
                .always();
    }
}
