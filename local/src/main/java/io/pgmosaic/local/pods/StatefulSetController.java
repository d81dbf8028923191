package io.pgmosaic.local.pods;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetStatus;
import io.fabric8.kubernetes.api.model.apps.StatefulSetStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.HttpURLConnection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BinaryOperator;

/**
 * Keeps the pods of StatefulSets: one for each ordinal, missing ones created (all at once when the policy is Parallel,
 * else one after another is ready), superfluous ones deleted, claims made once and kept. Under OnDelete a changed
 * template waits until somebody deletes a pod; under RollingUpdate the highest outdated pod is deleted while all are
 * ready.
 */
final class StatefulSetController implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StatefulSetController.class);
    private static final long RETRY_MILLIS = 500;

    private final KubernetesClient client;
    private final ScheduledExecutorService worker = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("statefulsets").daemon().factory());
    private final Map<String, Boolean> queued = new ConcurrentHashMap<>();

    StatefulSetController(KubernetesClient client) {
        this.client = client;
    }

    void onSet(StatefulSet set) {
        queue(set.getMetadata().getNamespace(), set.getMetadata().getName(), 0);
    }

    void onPod(Pod pod) {
        owner(pod).ifPresent(set -> queue(pod.getMetadata().getNamespace(), set, 0));
    }

    @Override
    public void close() {
        worker.shutdownNow();
    }

    private static Optional<String> owner(Pod pod) {
        return pod.getMetadata().getOwnerReferences().stream()
                .filter(owner -> owner.getKind().equals("StatefulSet"))
                .map(owner -> owner.getName())
                .findFirst();
    }

    private void queue(String namespace, String name, long delayMillis) {
        if (queued.put(namespace + "/" + name, true) != null) {
            return;
        }
        try {
            var unused = worker.schedule(
                    () -> {
                        queued.remove(namespace + "/" + name);
                        try {
                            reconcile(namespace, name);
                        } catch (KubernetesClientException e) {
                            LOG.debug("StatefulSet {}/{} will be looked at again", namespace, name, e);
                            queue(namespace, name, RETRY_MILLIS);
                        } catch (RuntimeException e) {
                            LOG.error("StatefulSet {}/{}", namespace, name, e);
                        }
                    },
                    delayMillis,
                    TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closed) {
            LOG.debug("StatefulSet {}/{} changed after the end", namespace, name);
        }
    }

    private void reconcile(String namespace, String name) {
        StatefulSet set = client.apps()
                .statefulSets()
                .inNamespace(namespace)
                .withName(name)
                .get();
        if (set == null || set.isMarkedForDeletion()) {
            return;
        }
        Map<String, Pod> pods = podsOf(set);
        createMissing(set, pods);
        deleteSuperfluous(set, pods);
        rollOut(set, pods);
        publish(set, pods);
    }

    private Map<String, Pod> podsOf(StatefulSet set) {
        Map<String, Pod> pods = new HashMap<>();
        for (Pod pod : client.pods()
                .inNamespace(set.getMetadata().getNamespace())
                .list()
                .getItems()) {
            if (pod.getMetadata().getOwnerReferences().stream()
                    .anyMatch(owner -> owner.getUid().equals(set.getMetadata().getUid()))) {
                pods.put(pod.getMetadata().getName(), pod);
            }
        }
        return pods;
    }

    private void createMissing(StatefulSet set, Map<String, Pod> pods) {
        boolean parallel = "Parallel".equals(set.getSpec().getPodManagementPolicy());
        for (int ordinal : DesiredPods.ordinals(set)) {
            String name = DesiredPods.podName(set, ordinal);
            Pod pod = pods.get(name);
            if (pod != null && pod.getStatus() != null && isOver(pod) && !pod.isMarkedForDeletion()) {
                client.resource(pod).delete();
            }
            if (pod == null) {
                for (PersistentVolumeClaim claim : DesiredPods.claims(set, ordinal)) {
                    createIfAbsent(claim);
                }
                pod = client.resource(DesiredPods.pod(set, ordinal)).create();
                pods.put(name, pod);
            }
            if (!parallel && !isReady(pod)) {
                return;
            }
        }
    }

    private static boolean isOver(Pod pod) {
        return List.of("Succeeded", "Failed")
                .contains(Optional.ofNullable(pod.getStatus().getPhase()).orElse(""));
    }

    private void createIfAbsent(PersistentVolumeClaim claim) {
        try {
            client.resource(claim).create();
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                throw e;
            }
        }
    }

    private void deleteSuperfluous(StatefulSet set, Map<String, Pod> pods) {
        List<String> wanted = DesiredPods.ordinals(set).stream()
                .map(ordinal -> DesiredPods.podName(set, ordinal))
                .toList();
        for (Pod pod : List.copyOf(pods.values())) {
            if (wanted.contains(pod.getMetadata().getName())) {
                continue;
            }
            if (!pod.isMarkedForDeletion()) {
                client.resource(pod).delete();
            }
            if (DesiredPods.deletes(set, false)) {
                for (PersistentVolumeClaim template : set.getSpec().getVolumeClaimTemplates()) {
                    client.persistentVolumeClaims()
                            .inNamespace(set.getMetadata().getNamespace())
                            .withName(template.getMetadata().getName() + "-"
                                    + pod.getMetadata().getName())
                            .delete();
                }
            }
        }
    }

    private void rollOut(StatefulSet set, Map<String, Pod> pods) {
        var strategy = set.getSpec().getUpdateStrategy();
        boolean onDelete = strategy != null && "OnDelete".equals(strategy.getType());
        if (onDelete || !pods.values().stream().allMatch(StatefulSetController::isReady)) {
            return;
        }
        String revision = DesiredPods.revision(set);
        BinaryOperator<Integer> highest = Math::max;
        DesiredPods.ordinals(set).stream()
                .filter(ordinal -> {
                    Pod pod = pods.get(DesiredPods.podName(set, ordinal));
                    return pod != null && !revision.equals(revisionOf(pod));
                })
                .reduce(highest)
                .ifPresent(ordinal -> client.resource(pods.get(DesiredPods.podName(set, ordinal)))
                        .delete());
    }

    private void publish(StatefulSet set, Map<String, Pod> pods) {
        String revision = DesiredPods.revision(set);
        StatefulSetStatus before = Optional.ofNullable(set.getStatus()).orElseGet(StatefulSetStatus::new);
        int updated = count(pods, pod -> revision.equals(revisionOf(pod)));
        int ready = count(pods, StatefulSetController::isReady);
        String current =
                updated == pods.size() || before.getCurrentRevision() == null ? revision : before.getCurrentRevision();
        StatefulSetStatus status = new StatefulSetStatusBuilder(before)
                .withObservedGeneration(set.getMetadata().getGeneration())
                .withReplicas(pods.size())
                .withReadyReplicas(ready)
                .withAvailableReplicas(ready)
                .withUpdatedReplicas(updated)
                .withCurrentReplicas(count(pods, pod -> current.equals(revisionOf(pod))))
                .withCurrentRevision(current)
                .withUpdateRevision(revision)
                .build();
        if (!status.equals(before)) {
            set.setStatus(status);
            client.resource(set).updateStatus();
        }
    }

    private static int count(Map<String, Pod> pods, java.util.function.Predicate<Pod> condition) {
        return (int) pods.values().stream().filter(condition).count();
    }

    private static String revisionOf(Pod pod) {
        return pod.getMetadata().getLabels().getOrDefault("controller-revision-hash", "");
    }

    private static boolean isReady(Pod pod) {
        return !pod.isMarkedForDeletion()
                && pod.getStatus() != null
                && pod.getStatus().getConditions().stream()
                        .anyMatch(condition -> condition.getType().equals("Ready")
                                && condition.getStatus().equals("True"));
    }
}
