package io.pgmosaic.local.kubernetes;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import static io.pgmosaic.local.kubernetes.Samples.pod;
import static io.pgmosaic.local.kubernetes.Samples.statefulSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What is written and read through a path of its own below an object. */
final class SubresourcesTest extends OnEmbeddedApi {
    @Test
    void statusIsWrittenThroughItsSubresourceAlone() {
        Pod pod = client.pods().resource(pod("p")).create();
        pod.setStatus(new io.fabric8.kubernetes.api.model.PodStatusBuilder()
                .withPhase("Running")
                .build());
        assertThat(client.pods().resource(pod).update().getStatus()).isNull();

        Pod withStatus = client.pods().resource(pod).updateStatus();
        assertThat(withStatus.getStatus().getPhase()).isEqualTo("Running");
        assertThat(withStatus.getMetadata().getGeneration()).isEqualTo(1);

        withStatus.getMetadata().setLabels(Map.of("new", "label"));
        Pod labelled = client.pods().resource(withStatus).update();
        assertThat(labelled.getStatus().getPhase()).isEqualTo("Running");
    }

    @Test
    void applyOfStatusTouchesNothingElse() {
        Widgets widgets = Widgets.define(client);
        GenericKubernetesResource widget = widgets.create("w", "spec: {size: 3}");
        GenericKubernetesResource status = widgets.applyStatus("w", "status: {phase: Good}");
        assertThat(status.<String>get("status", "phase")).isEqualTo("Good");
        assertThat(status.<Integer>get("spec", "size")).isEqualTo(3);
        assertThat(status.getMetadata().getGeneration()).isEqualTo(1);
        assertThat(status.getMetadata().getUid()).isEqualTo(widget.getMetadata().getUid());

        GenericKubernetesResource changed = widgets.apply("w", "spec: {size: 4}\nstatus: {phase: Bad}");
        assertThat(changed.<String>get("status", "phase")).isEqualTo("Good");
        assertThat(changed.getMetadata().getGeneration()).isEqualTo(2);
    }

    @Test
    void scaleIsASubresource() {
        apply(statefulSet("""
                        apiVersion: apps/v1
                        kind: StatefulSet
                        metadata: {name: s, namespace: default}
                        spec: {serviceName: s, replicas: 3, selector: {}, template: {spec: {containers: []}}}
                        """));
        client.apps().statefulSets().withName("s").scale(2);
        assertThat(client.apps().statefulSets().withName("s").get().getSpec().getReplicas())
                .isEqualTo(2);
    }

    @Test
    void logsOfPodsAreReadFromTheirFiles() throws Exception {
        client.pods().resource(pod("p")).create();
        Path logs = Files.createDirectories(dir.resolve("logs/default_p"));
        Files.writeString(logs.resolve("c.log"), "one\ntwo\nthree\n");
        assertThat(client.pods().withName("p").getLog()).isEqualTo("one\ntwo\nthree\n");
        assertThat(client.pods().withName("p").tailingLines(1).getLog()).isEqualTo("three\n");
        assertThatThrownBy(() -> client.pods()
                        .withName("p")
                        .inContainer("../../kubeconfig")
                        .getLog())
                .hasMessageContaining("has written no log");
    }
}
