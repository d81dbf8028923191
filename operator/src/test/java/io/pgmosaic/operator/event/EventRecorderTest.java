package io.pgmosaic.operator.event;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

/** Against an API that stores what it is given. */
@EnableKubernetesMockClient(crud = true)
class EventRecorderTest {
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00.123456Z");

    @SuppressWarnings("NullAway.Init")
    private KubernetesClient client;

    private final ShardedCluster orders = new ShardedCluster();

    @BeforeEach
    void name() {
        orders.setMetadata(new ObjectMetaBuilder()
                .withNamespace("shop")
                .withName("orders")
                .withUid("uid-1")
                .build());
    }

    /** What it was told is written when this returns. */
    private void records(Consumer<EventRecorder> work) {
        try (EventRecorder recorder = new EventRecorder(client, "operator-7", Clock.fixed(NOW, ZoneOffset.UTC))) {
            work.accept(recorder);
        }
    }

    private List<Event> events() {
        return client.v1().events().inNamespace("shop").list().getItems();
    }

    @Test
    void writesAnEventAboutTheObject() {
        records(recorder ->
                recorder.record(orders, EventRecorder.Kind.WARNING, "FailoverBegun", "shard s0: it is gone"));
        assertThat(events()).singleElement().satisfies(event -> {
            assertThat(event.getType()).isEqualTo("Warning");
            assertThat(event.getReason()).isEqualTo("FailoverBegun");
            assertThat(event.getMessage()).isEqualTo("shard s0: it is gone");
            assertThat(event.getInvolvedObject())
                    .returns("pgmosaic.io/v1alpha1", about -> about.getApiVersion())
                    .returns("ShardedCluster", about -> about.getKind())
                    .returns("shop", about -> about.getNamespace())
                    .returns("orders", about -> about.getName())
                    .returns("uid-1", about -> about.getUid());
            assertThat(event.getFirstTimestamp()).isEqualTo("2026-01-01T12:00:00Z");
            assertThat(event.getLastTimestamp()).isEqualTo("2026-01-01T12:00:00Z");
            assertThat(event.getReportingInstance()).isEqualTo("operator-7");
        });
    }

    @Test
    void theSameTwiceIsTwoEvents() {
        records(recorder -> {
            recorder.record(orders, EventRecorder.Kind.NORMAL, "Ready", "all is well");
            recorder.record(orders, EventRecorder.Kind.NORMAL, "Ready", "all is well");
        });
        assertThat(events()).hasSize(2).extracting(Event::getType).containsOnly("Normal");
    }

    @Test
    void shortensWhatTheApiWouldNotTake() {
        records(recorder -> {
            recorder.record(orders, EventRecorder.Kind.NORMAL, "Ready", "x".repeat(1_024));
            recorder.record(orders, EventRecorder.Kind.NORMAL, "Ready", "y".repeat(1_025));
        });
        assertThat(events())
                .extracting(Event::getMessage)
                .containsExactlyInAnyOrder("x".repeat(1_024), "y".repeat(1_021) + "...");
    }

    @Test
    void neverWaitsForAnApiThatDoesNotAnswer() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                KubernetesClient stuck = new KubernetesClientBuilder()
                        .withConfig(new ConfigBuilder(Config.empty())
                                .withMasterUrl("http://127.0.0.1:" + silent.getLocalPort())
                                .withRequestTimeout(600_000)
                                .build())
                        .build();
                EventRecorder recorder = new EventRecorder(stuck, "operator-7", Clock.systemUTC())) {
            assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
                for (int i = 0; i < 2_000; i++) {
                    recorder.record(orders, EventRecorder.Kind.NORMAL, "Ready", "all is well");
                }
            });
        }
    }
}
