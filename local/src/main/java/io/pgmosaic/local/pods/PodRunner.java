package io.pgmosaic.local.pods;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pgmosaic.local.platform.ProcessFamily;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One pod from its creation to its removal, on a thread of its own. */
final class PodRunner {
    private static final Logger LOG = LoggerFactory.getLogger(PodRunner.class);
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Map<String, String> NODE_LABELS =
            Map.of("kubernetes.io/hostname", Kubelet.NODE, "kubernetes.io/os", "linux");

    private final Pod pod;
    private final Sandbox sandbox;
    private final KubernetesClient client;
    private final Runnable ended;
    private final Signal signal = new Signal();
    private final List<ContainerRunner> initContainers = new ArrayList<>();
    private final List<ContainerRunner> containers = new ArrayList<>();
    private volatile Optional<Duration> termination = Optional.empty();
    private final String startTime =
            Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    private volatile String problem = "";
    private volatile boolean initialized;
    private PodStatuses.@org.jspecify.annotations.Nullable Facts published;

    /** @param ended told when nothing of the pod is left */
    PodRunner(Pod pod, Sandbox sandbox, KubernetesClient client, Runnable ended) {
        this.pod = pod;
        this.sandbox = sandbox;
        this.client = client;
        this.ended = ended;
        Duration grace = Duration.ofSeconds(Optional.ofNullable(pod.getSpec().getTerminationGracePeriodSeconds())
                .orElse(30L));
        String policy = Optional.ofNullable(pod.getSpec().getRestartPolicy()).orElse("Always");
        String initPolicy = policy.equals("Never") ? "Never" : "OnFailure";
        for (Container container : pod.getSpec().getInitContainers()) {
            initContainers.add(new ContainerRunner(container, sandbox, initPolicy, grace, signal::raise));
        }
        for (Container container : pod.getSpec().getContainers()) {
            containers.add(new ContainerRunner(container, sandbox, policy, grace, signal::raise));
        }
    }

    String uid() {
        return pod.getMetadata().getUid();
    }

    Pod pod() {
        return pod;
    }

    /** How long its spec lets it take to end. */
    Duration grace() {
        return Duration.ofSeconds(Optional.ofNullable(pod.getSpec().getTerminationGracePeriodSeconds())
                .orElse(30L));
    }

    void start() {
        Thread.ofVirtual().name("pod " + pod.getMetadata().getName()).start(() -> {
            try {
                run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException e) {
                LOG.error("pod {} is given up", pod.getMetadata().getName(), e);
            } finally {
                ended.run();
            }
        });
    }

    /** Ends the pod within {@code grace}; a shorter time given later counts. */
    synchronized void terminate(Duration grace) {
        boolean first = termination.isEmpty();
        termination = Optional.of(grace);
        if (first) {
            signal.raise();
        } else if (grace.isZero()) {
            containers.forEach(container -> container.process().ifPresent(ProcessFamily::kill));
        }
    }

    /** A Secret or ConfigMap of the pod's namespace changed. */
    void refreshVolumes() {
        signal.raise();
    }

    /** The running process of a container. */
    Optional<ProcessFamily> process(String container) {
        return containers.stream()
                .filter(runner -> runner.name().equals(container))
                .findFirst()
                .flatMap(ContainerRunner::process);
    }

    private void run() throws InterruptedException {
        if (isSchedulable() && prepareVolumes() && initialize()) {
            initialized = true;
            containers.forEach(ContainerRunner::start);
        }
        while (termination.isEmpty()) {
            publish();
            signal.await(RETRY);
            if (initialized) {
                updateVolumes();
            }
        }
        stopContainers(termination.orElse(Duration.ZERO));
        publish();
        remove();
    }

    private boolean isSchedulable() {
        boolean fits = Optional.ofNullable(pod.getSpec().getNodeSelector()).orElse(Map.of()).entrySet().stream()
                .allMatch(label -> label.getValue().equals(NODE_LABELS.get(label.getKey())));
        problem = fits ? "" : "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector.";
        return fits;
    }

    private boolean prepareVolumes() throws InterruptedException {
        while (termination.isEmpty()) {
            if (updateVolumes()) {
                return true;
            }
            publish();
            signal.await(RETRY);
        }
        return false;
    }

    private boolean updateVolumes() {
        try {
            sandbox.volumes().update();
            problem = "";
            return true;
        } catch (MissingReference e) {
            problem = initialized ? "" : "MountVolume.SetUp failed: " + e.getMessage();
        } catch (IOException | KubernetesClientException e) {
            LOG.warn("volumes of pod {}: {}", pod.getMetadata().getName(), e.toString());
            problem = initialized ? "" : "MountVolume.SetUp failed: " + e;
        }
        return false;
    }

    private boolean initialize() throws InterruptedException {
        for (ContainerRunner container : initContainers) {
            container.start();
            while (!container.isDone() && termination.isEmpty()) {
                publish();
                signal.await(RETRY);
            }
            if (container.lastEnd().filter(end -> end.getExitCode() == 0).isEmpty()) {
                return false;
            }
        }
        return true;
    }

    private void stopContainers(Duration grace) throws InterruptedException {
        List<Thread> stops = new ArrayList<>();
        List<ContainerRunner> started = new ArrayList<>(initialized ? containers : List.of());
        initContainers.stream()
                .filter(container -> container.process().isPresent())
                .forEach(started::add);
        for (ContainerRunner container : started) {
            stops.add(Thread.ofVirtual().start(() -> {
                try {
                    container.stop(grace);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
        }
        for (Thread stop : stops) {
            stop.join();
        }
    }

    private void publish() {
        List<ContainerStatus> statuses =
                containers.stream().map(ContainerRunner::status).toList();
        var facts = new PodStatuses.Facts(
                phase(statuses),
                NODE_LABELS
                        .entrySet()
                        .containsAll(Optional.ofNullable(pod.getSpec().getNodeSelector())
                                .orElse(Map.of())
                                .entrySet()),
                initialized,
                initialized ? sandbox.address() : "",
                startTime,
                problem,
                initContainers.stream().map(ContainerRunner::status).toList(),
                statuses);
        if (facts.equals(published) && pod.getSpec().getReadinessGates().isEmpty()) {
            return;
        }
        try {
            var resource = client.pods()
                    .inNamespace(pod.getMetadata().getNamespace())
                    .withName(pod.getMetadata().getName());
            Pod current = resource.get();
            if (current == null || !current.getMetadata().getUid().equals(uid())) {
                return;
            }
            client.resource(new PodBuilder(current)
                            .editMetadata()
                            .withResourceVersion(null)
                            .endMetadata()
                            .withStatus(PodStatuses.status(current, facts))
                            .build())
                    .updateStatus();
            published = facts;
        } catch (KubernetesClientException e) {
            LOG.debug(
                    "the status of pod {} will be written again",
                    pod.getMetadata().getName(),
                    e);
        }
    }

    private String phase(List<ContainerStatus> statuses) {
        if (!initialized) {
            return "Pending";
        }
        if (containers.stream().allMatch(ContainerRunner::isDone)) {
            boolean succeeded = statuses.stream()
                    .allMatch(status -> status.getState().getTerminated() != null
                            && status.getState().getTerminated().getExitCode() == 0);
            return succeeded ? "Succeeded" : "Failed";
        }
        boolean neverStarted = statuses.stream().anyMatch(status -> status.getContainerID() == null);
        return neverStarted ? "Pending" : "Running";
    }

    private void remove() {
        try {
            AtomicFiles.deleteTree(sandbox.folder());
        } catch (IOException e) {
            LOG.warn("the folder of pod {} stays: {}", pod.getMetadata().getName(), e.toString());
        }
        try {
            Pod current = client.pods()
                    .inNamespace(pod.getMetadata().getNamespace())
                    .withName(pod.getMetadata().getName())
                    .get();
            if (current != null && current.getMetadata().getUid().equals(uid()) && current.isMarkedForDeletion()) {
                client.resource(current).withGracePeriod(0).delete();
            }
        } catch (KubernetesClientException e) {
            LOG.warn("pod {} is not removed from the API: {}", pod.getMetadata().getName(), e.getMessage());
        }
    }
}
