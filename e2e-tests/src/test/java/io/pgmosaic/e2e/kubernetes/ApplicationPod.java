package io.pgmosaic.e2e.kubernetes;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.ContainerResource;
import io.fabric8.kubernetes.client.dsl.PodResource;
import io.pgmosaic.checker.Report;
import io.pgmosaic.e2e.Checkout;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A pod with the checker's clients, which ask the router that stands beside them where each key lives. Stopped, it reads what
 * there is and tells what it found.
 */
final class ApplicationPod implements AutoCloseable {
    private static final String CONTAINER = "application";
    private static final String JAR = "checker.jar";
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final int SOME_WRITES = 20;

    /** What there are no logs for: a container that waits to be started; a pod that its kubelet has not heard of yet. */
    private static final Set<Integer> NOT_STARTED =
            Set.of(HttpURLConnection.HTTP_BAD_REQUEST, HttpURLConnection.HTTP_NOT_FOUND);

    private final Installation installation;
    private final ShopCluster cluster;
    private final String name;

    private ApplicationPod(Installation installation, ShopCluster cluster) {
        this.installation = installation;
        this.cluster = cluster;
        this.name = "checker-" + cluster.name();
    }

    /** Starts it, and waits until writes on every shard have been acknowledged. */
    static ApplicationPod start(Installation installation, ShopCluster cluster) {
        ApplicationPod pod = new ApplicationPod(installation, cluster);
        pod.close();
        installation
                .client()
                .resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withName(JAR)
                        .withNamespace(Installation.SHOP)
                        .endMetadata()
                        .addToBinaryData(JAR, jar())
                        .build())
                .createOr(present -> present.update());
        installation.apply(pod.manifest());
        pod.awaitMoreWrites();
        return pod;
    }

    private static String jar() {
        try (Stream<Path> files = Files.list(Checkout.root().resolve("checker/target"))) {
            Path jar = files.filter(
                            file -> file.getFileName().toString().matches("pgmosaic-checker-[^-]+-SNAPSHOT\\.jar"))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("the checker is not built: run make build"));
            return Base64.getEncoder().encodeToString(Files.readAllBytes(jar));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String manifest() {
        return Checkout.read("e2e-tests/src/test/resources/application.yaml")
                .replace("$NAME", name)
                .replace("$CLUSTER", cluster.name())
                .replace("$SHARDS", String.join(",", shards()))
                .replace("$INSTANCE_IMAGE", installation.cluster().images().instance());
    }

    private List<String> shards() {
        return cluster.get().getStatus().shards().stream()
                .map(shard -> shard.name())
                .toList();
    }

    /** Waits until, from now on, some writes on every shard have been acknowledged. */
    void awaitMoreWrites() {
        Map<String, Long> before = acknowledged();
        await().atMost(LIMIT)
                .pollInterval(Duration.ofMillis(500))
                .ignoreExceptionsInstanceOf(KubernetesClientException.class)
                .untilAsserted(() -> {
                    Map<String, Long> now = acknowledged();
                    for (String shard : shards()) {
                        assertThat(now.getOrDefault(shard, 0L))
                                .as("operations of %s, of which there were %s", shard, before)
                                .isGreaterThan(before.getOrDefault(shard, 0L) + SOME_WRITES);
                    }
                });
    }

    /** What it last said of each shard. */
    private Map<String, Long> acknowledged() {
        try {
            return container()
                    .tailingLines(1)
                    .getLog()
                    .lines()
                    .filter(line -> line.startsWith("PROGRESS "))
                    .findFirst()
                    .map(ApplicationPod::counts)
                    .orElse(Map.of());
        } catch (KubernetesClientException e) {
            if (NOT_STARTED.contains(e.getCode())) {
                return Map.of();
            }
            throw e;
        }
    }

    private static Map<String, Long> counts(String progress) {
        String list = progress.substring(progress.indexOf('{') + 1, progress.lastIndexOf('}'));
        return Stream.of(list.split(", "))
                .filter(entry -> entry.contains(" acknowledged="))
                .collect(Collectors.toMap(
                        entry -> entry.substring(0, entry.indexOf(' ')),
                        entry -> Long.parseLong(entry.substring(entry.indexOf('=') + 1))));
    }

    String name() {
        return name;
    }

    /** Names of all its containers, those that a webhook added among them. */
    List<String> containers() {
        PodSpec spec = pod().get().getSpec();
        return Stream.concat(spec.getInitContainers().stream(), spec.getContainers().stream())
                .map(container -> container.getName())
                .toList();
    }

    /** Ends its clients; returns what they saw, after all that is there was read. */
    Report stop() {
        try {
            pod().inContainer(CONTAINER)
                    .redirectingError()
                    .exec("touch", "/tmp/stop")
                    .exitCode()
                    .join();
            await().atMost(LIMIT).until(() -> report().isPresent());
            return new JsonMapper().readValue(report().orElseThrow(), Report.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Optional<String> report() {
        return container()
                .tailingLines(3)
                .getLog()
                .lines()
                .filter(line -> line.startsWith("REPORT "))
                .map(line -> line.substring("REPORT ".length()))
                .findFirst();
    }

    private PodResource pod() {
        return installation.client().pods().inNamespace(Installation.SHOP).withName(name);
    }

    private ContainerResource container() {
        return pod().inContainer(CONTAINER);
    }

    @Override
    public void close() {
        pod().withGracePeriod(0).delete();
        await().atMost(LIMIT).untilAsserted(() -> assertThat(pod().get()).isNull());
    }
}
