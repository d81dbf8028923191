package io.pgmosaic.operator.topology;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;

import static org.assertj.core.api.Assertions.assertThat;

class ZonesTest {
    private final Map<String, String> nodes = new HashMap<>(Map.of("n1", "north"));
    private final List<String> asked = new ArrayList<>();
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private boolean forbidden;
    private long now;
    private final Zones zones = new Zones(new NodeZones(this::ask, waiting::add, () -> now));

    @Test
    void aPodsOwnLabelIsEnough() {
        assertThat(zones.of(pod("n1", "south"))).isEqualTo("south");
        assertThat(waiting).isEmpty();
    }

    @Test
    void withoutLabelsAndWithoutNodesTheZoneIsUnknown() {
        assertThat(new Zones(null).of(pod("n1", null))).isNull();
        assertThat(new Zones(null).of(pod("n1", ""))).isNull();
        assertThat(zones.of(pod(null, null))).isNull();
        assertThat(waiting).isEmpty();
    }

    @Test
    void aNodeIsAskedForOnceAndNobodyWaitsForIt() {
        assertThat(zones.of(pod("n1", null))).isNull();
        assertThat(zones.of(pod("n1", null))).isNull();
        answer();
        assertThat(zones.of(pod("n1", null))).isEqualTo("north");
        assertThat(asked).containsExactly("n1");
    }

    @Test
    void aNodeThatIsMadeAnewElsewhereIsFoundOutInTime() {
        zones.of(pod("n1", null));
        answer();
        nodes.put("n1", "south");
        pass(Duration.ofMinutes(9));
        assertThat(zones.of(pod("n1", null))).isEqualTo("north");
        assertThat(waiting).isEmpty();
        pass(Duration.ofMinutes(1));
        assertThat(zones.of(pod("n1", null))).isEqualTo("north");
        answer();
        assertThat(zones.of(pod("n1", null))).isEqualTo("south");
    }

    @Test
    void aQuestionThatFailsTakesNothingAwayAndIsAskedAgain() {
        zones.of(pod("n1", null));
        answer();
        forbidden = true;
        pass(Duration.ofMinutes(10));
        zones.of(pod("n1", null));
        answer();
        nodes.put("n1", "south");
        forbidden = false;
        assertThat(zones.of(pod("n1", null))).isEqualTo("north");
        assertThat(waiting).isEmpty();
        pass(Duration.ofMinutes(1));
        zones.of(pod("n1", null));
        answer();
        assertThat(zones.of(pod("n1", null))).isEqualTo("south");
    }

    private @Nullable String ask(String node) {
        if (forbidden) {
            throw new KubernetesClientException("forbidden");
        }
        asked.add(node);
        return nodes.get(node);
    }

    private void answer() {
        assertThat(waiting).hasSize(1);
        waiting.remove().run();
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    private static Pod pod(@Nullable String node, @Nullable String zone) {
        return new PodBuilder()
                .withNewMetadata()
                .withName("orders-s0-0")
                .withLabels(zone == null ? Map.of() : Map.of("topology.kubernetes.io/zone", zone))
                .endMetadata()
                .withNewSpec()
                .withNodeName(node)
                .endSpec()
                .build();
    }
}
