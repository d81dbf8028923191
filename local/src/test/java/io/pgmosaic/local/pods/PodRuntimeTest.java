package io.pgmosaic.local.pods;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.pgmosaic.local.kubernetes.EmbeddedApi;
import io.pgmosaic.local.platform.Account;
import io.pgmosaic.local.platform.LoopbackNetwork;
import io.pgmosaic.local.platform.Spawner;
import io.pgmosaic.local.platform.StateFolder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

final class PodRuntimeTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    /** Prints its surroundings, then listens on the pod's address until it is asked to end. */
    private static final String SERVER = """
            #!/bin/sh
            echo "start $NAME at $ADDRESS greeting=$GREETING home=$HOME"
            echo "$NAME" >> "$DATA/starts"
            trap 'echo bye; exit 0' TERM
            while true; do sleep 0.05; done
            """;

    private final Account account = Account.detect();
    private Path folder = Path.of("/");
    private EmbeddedApi api;
    private Spawner spawner;
    private PodRuntime runtime;
    private KubernetesClient client;

    @BeforeEach
    void start() throws IOException {
        folder = StateFolder.open("pods-test-" + ProcessHandle.current().pid());
        Path bin = Files.createDirectories(folder.resolve("image/bin"));
        Files.writeString(bin.resolve("server"), SERVER);
        Files.setPosixFilePermissions(bin.resolve("server"), PosixFilePermissions.fromString("rwxr-xr-x"));
        LoopbackNetwork network = LoopbackNetwork.find();
        api = EmbeddedApi.start(network.apiAddress(), 0, folder);
        client = api.client();
        spawner = new Spawner();
        Image image = new Image(folder.resolve("image"), Map.of("GREETING", "from the image"));
        runtime = PodRuntime.start(
                client,
                folder,
                reference -> reference.startsWith("test/server:") ? Optional.of(image) : Optional.empty(),
                network,
                spawner,
                account);
    }

    @AfterEach
    void stop() {
        runtime.close();
        spawner.close();
        api.close();
        StateFolder.delete(folder);
    }

    @Test
    void aStatefulSetBecomesRunningPodsWithTheirOwnAddressesAndVolumes() {
        create(set(2));

        await().atMost(LIMIT).untilAsserted(() -> assertThat(readyReplicas()).isEqualTo(2));

        Pod first = pod("web-0");
        Pod second = pod("web-1");
        assertThat(first.getStatus().getPhase()).isEqualTo("Running");
        assertThat(first.getStatus().getPodIP())
                .startsWith("127.")
                .isNotEqualTo(second.getStatus().getPodIP());
        assertThat(first.getMetadata().getLabels())
                .containsEntry("statefulset.kubernetes.io/pod-name", "web-0")
                .containsEntry("apps.kubernetes.io/pod-index", "0")
                .containsEntry("app", "web");
        assertThat(log("web-0"))
                .contains("start web-0 at " + first.getStatus().getPodIP())
                .contains("greeting=from the image");
        assertThat(client.persistentVolumeClaims().list().getItems())
                .extracting(claim ->
                        claim.getMetadata().getName() + " " + claim.getStatus().getPhase())
                .containsExactly("data-web-0 Bound", "data-web-1 Bound");
    }

    @Test
    void aDeletedPodEndsGracefullyAndComesBackOnItsVolume() {
        create(set(1));
        await().atMost(LIMIT).untilAsserted(() -> assertThat(readyReplicas()).isEqualTo(1));
        Pod before = pod("web-0");

        client.pods().withName("web-0").delete();

        await().atMost(LIMIT).untilAsserted(() -> {
            assertThat(pod("web-0").getMetadata().getUid())
                    .isNotEqualTo(before.getMetadata().getUid());
            assertThat(readyReplicas()).isEqualTo(1);
        });
        assertThat(log("web-0")).contains("bye");
        assertThat(starts("web-0")).isEqualTo(2);
        assertThat(pod("web-0").getStatus().getPodIP())
                .isNotEqualTo(before.getStatus().getPodIP());
    }

    @Test
    void volumesOutliveTheirSetAndGoWithTheirClaim() {
        create(set(1));
        await().atMost(LIMIT).untilAsserted(() -> assertThat(readyReplicas()).isEqualTo(1));
        client.apps().statefulSets().withName("web").delete();
        await().atMost(LIMIT)
                .untilAsserted(
                        () -> assertThat(client.pods().withName("web-0").get()).isNull());
        assertThat(starts("web-0")).isEqualTo(1);

        Path data = volume("web-0");
        client.persistentVolumeClaims().withName("data-web-0").delete();

        await().atMost(LIMIT).until(() -> !Files.exists(data));
    }

    @Test
    void aKilledContainerIsStartedAgainAndCounted() {
        create(set(1));
        await().atMost(LIMIT).untilAsserted(() -> assertThat(readyReplicas()).isEqualTo(1));

        runtime.process("default", "web-0", "server").kill();

        await().atMost(LIMIT).untilAsserted(() -> {
            ContainerStatus status = container("web-0");
            assertThat(status.getRestartCount()).isEqualTo(1);
            assertThat(status.getReady()).isTrue();
            assertThat(status.getLastState().getTerminated().getExitCode()).isEqualTo(137);
        });
        assertThat(pod("web-0").getStatus().getContainerStatuses()).hasSize(1);
    }

    @Test
    void scalingDownDeletesTheHighestPodAndKeepsItsClaim() {
        create(set(2));
        await().atMost(LIMIT).untilAsserted(() -> assertThat(readyReplicas()).isEqualTo(2));

        client.apps().statefulSets().withName("web").scale(1);

        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(client.pods().list().getItems())
                        .extracting(pod -> pod.getMetadata().getName())
                        .containsExactly("web-0"));
        assertThat(client.persistentVolumeClaims().list().getItems()).hasSize(2);
    }

    @Test
    void onDeleteKeepsPodsOfAnOldTemplate() {
        create(set(1));
        await().atMost(LIMIT).untilAsserted(() -> assertThat(readyReplicas()).isEqualTo(1));
        String uid = pod("web-0").getMetadata().getUid();
        client.apps().statefulSets().withName("web").edit(set -> {
            set.getSpec().getTemplate().getMetadata().getLabels().put("version", "2");
            return set;
        });
        await().atMost(LIMIT).untilAsserted(() -> {
            var status = client.apps().statefulSets().withName("web").get().getStatus();
            assertThat(status.getUpdatedReplicas()).isZero();
            assertThat(status.getUpdateRevision()).isNotEqualTo(status.getCurrentRevision());
        });
        assertThat(pod("web-0").getMetadata().getUid()).isEqualTo(uid);

        client.pods().withName("web-0").delete();

        await().atMost(LIMIT)
                .untilAsserted(
                        () -> assertThat(pod("web-0").getMetadata().getLabels()).containsEntry("version", "2"));
    }

    @Test
    void anUnknownImageAndAMissingSecretAreShownAsAKubeletShowsThem() {
        create(podOf("bad-image", "image: nobody/nothing:1\ncommand: [server]"));
        create(podOf("bad-env", """
                image: test/server:1
                command: [server]
                env: [{name: PASSWORD, valueFrom: {secretKeyRef: {name: absent, key: p}}}]"""));
        create(podOf("bad-command", "image: test/server:1\ncommand: [no-such-program]"));

        await().atMost(LIMIT).untilAsserted(() -> {
            assertThat(waitingReason("bad-image")).isIn("ErrImagePull", "ImagePullBackOff");
            assertThat(waitingReason("bad-env")).isEqualTo("CreateContainerConfigError");
            assertThat(waitingReason("bad-command")).isEqualTo("RunContainerError");
        });
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(waitingReason("bad-image")).isEqualTo("ImagePullBackOff"));
        assertThat(pod("bad-image").getStatus().getPhase()).isEqualTo("Pending");
    }

    @Test
    void secretsAreFilesThatFollowTheSecret() {
        create("""
                apiVersion: v1
                kind: Pod
                metadata: {name: reader, namespace: default}
                spec:
                  securityContext: {fsGroup: 999}
                  containers:
                    - name: server
                      image: test/server:1
                      command: [sh, -c]
                      args: ['while true; do cat "$SECRET_FILE"; sleep 0.1; done']
                      env: [{name: SECRET_FILE, value: /etc/keys/key}]
                      volumeMounts: [{name: keys, mountPath: /etc/keys}]
                  volumes: [{name: keys, secret: {secretName: keys, defaultMode: 256}}]
                """);
        await().atMost(LIMIT).untilAsserted(() -> assertThat(
                        pod("reader").getStatus().getConditions())
                .anySatisfy(condition -> assertThat(condition.getMessage()).contains("\"keys\" not found")));

        secret("first\n");
        await().atMost(LIMIT).untilAsserted(() -> assertThat(log("reader")).contains("first"));
        secret("second\n");
        await().atMost(LIMIT).untilAsserted(() -> assertThat(log("reader")).contains("second"));
    }

    @Test
    void probesDecideOnReadinessAndRestart() throws IOException {
        create(podOf("probed", """
                image: test/server:1
                command: [sh, -c, 'touch $STATE/ready; exec sleep 300']
                env: [{name: STATE, value: /state}]
                volumeMounts: [{name: state, mountPath: /state}]
                startupProbe: {exec: {command: [test, -e, /state/ready]}, periodSeconds: 1}
                readinessProbe: {exec: {command: [test, -e, /state/ready]}, periodSeconds: 1, failureThreshold: 1}
                livenessProbe: {exec: {command: [test, '!', -e, /state/sick]}, periodSeconds: 1, failureThreshold: 1}"""));
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(container("probed").getReady()).isTrue());

        Path state = find("pods", "state");
        Files.delete(state.resolve("ready"));
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(container("probed").getReady()).isFalse());
        assertThat(container("probed").getRestartCount()).isZero();

        Files.createFile(state.resolve("sick"));
        await().atMost(LIMIT).untilAsserted(() -> assertThat(container("probed").getRestartCount())
                .isPositive());
    }

    @Test
    void aPodThatNoNodeFitsStaysPendingAndSaysSo() {
        create(podOf("picky", "image: test/server:1\ncommand: [server]")
                .replace("spec:", "spec:\n  nodeSelector: {disk: fast}"));
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(pod("picky").getStatus().getConditions())
                        .anySatisfy(condition -> {
                            assertThat(condition.getType()).isEqualTo("PodScheduled");
                            assertThat(condition.getReason()).isEqualTo("Unschedulable");
                        }));
    }

    private void secret(String value) {
        client.resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName("keys")
                        .withNamespace("default")
                        .endMetadata()
                        .addToStringData("key", value)
                        .build())
                .createOr(existing -> existing.update());
    }

    private static String set(int replicas) {
        return """
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: web, namespace: default}
        spec:
          replicas: %d
          serviceName: web
          podManagementPolicy: Parallel
          updateStrategy: {type: OnDelete}
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec:
              terminationGracePeriodSeconds: 10
              containers:
                - name: server
                  image: test/server:1
                  command: [server]
                  env:
                    - {name: NAME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
                    - {name: ADDRESS, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
                    - {name: DATA, value: /var/lib/data}
                  volumeMounts: [{name: data, mountPath: /var/lib/data}]
          volumeClaimTemplates:
            - metadata: {name: data}
              spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
        """.formatted(replicas);
    }

    private static String podOf(String name, String container) {
        return """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s, namespace: default}
        spec:
          terminationGracePeriodSeconds: 1
          volumes: [{name: state, emptyDir: {}}]
          containers:
            - name: server
        %s
        """.formatted(name, container.indent(6).stripTrailing());
    }

    private void create(String manifest) {
        client.load(new java.io.ByteArrayInputStream(manifest.getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                .create();
    }

    private int readyReplicas() {
        StatefulSet set = client.apps().statefulSets().withName("web").get();
        return set.getStatus() == null
                ? 0
                : Optional.ofNullable(set.getStatus().getReadyReplicas()).orElse(0);
    }

    private Pod pod(String name) {
        Pod pod = client.pods().withName(name).get();
        assertThat(pod).as("pod " + name).isNotNull();
        assertThat(pod.getStatus()).as("status of pod " + name).isNotNull();
        return pod;
    }

    private ContainerStatus container(String pod) {
        return pod(pod).getStatus().getContainerStatuses().getFirst();
    }

    private String waitingReason(String pod) {
        var waiting = container(pod).getState().getWaiting();
        return waiting == null ? "none: " + Serialization.asJson(container(pod)) : waiting.getReason();
    }

    private String log(String pod) {
        try {
            return Files.readString(folder.resolve("logs/default_" + pod + "/server.log"));
        } catch (IOException e) {
            return "";
        }
    }

    private long starts(String pod) {
        try {
            List<String> lines = Files.readAllLines(volume(pod).resolve("starts"));
            return lines.stream().filter(pod::equals).count();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Path volume(String pod) {
        PersistentVolumeClaim claim =
                client.persistentVolumeClaims().withName("data-" + pod).get();
        return folder.resolve("volumes/default/data-" + pod + "-"
                + claim.getMetadata().getUid().substring(0, 8));
    }

    private Path find(String below, String name) throws IOException {
        try (Stream<Path> paths = Files.walk(folder.resolve(below))) {
            return paths.filter(path -> path.getFileName().toString().equals(name))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
