package io.pgmosaic.local.pods;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.pgmosaic.local.platform.Account;
import io.pgmosaic.local.platform.LoopbackNetwork;
import io.pgmosaic.local.platform.ProcessFamily;
import io.pgmosaic.local.platform.Spawner;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Runs the pods that the API has. A pod that takes the name of one that is still ending waits for it, so that two never
 * share a volume.
 */
final class Kubelet implements ResourceEventHandler<Pod> {
    /** Name of the one node. */
    static final String NODE = "local";

    /** Gives a pod a fixed address, for what a Service would stand before in a cluster. */
    static final String ADDRESS_ANNOTATION = "pgmosaic.io/local-address";

    private final KubernetesClient client;
    private final Machine machine;
    private final VolumeClaims claims;
    private final Map<String, PodRunner> runners = new HashMap<>();
    private final Map<String, Pod> waiting = new HashMap<>();

    /**
     * What pods run on.
     *
     * @param root folder of the pods' and their logs' folders
     */
    record Machine(Path root, Images images, LoopbackNetwork network, Spawner spawner, Account account) {}

    Kubelet(KubernetesClient client, Machine machine, VolumeClaims claims) {
        this.client = client;
        this.machine = machine;
        this.claims = claims;
        claims.askWhetherInUse(this::isInUse);
    }

    @Override
    public synchronized void onAdd(Pod pod) {
        String key = key(pod);
        PodRunner runner = runners.get(key);
        if (runner == null) {
            run(pod);
        } else if (!runner.uid().equals(pod.getMetadata().getUid())) {
            waiting.put(key, pod);
        }
    }

    @Override
    public synchronized void onUpdate(Pod before, Pod after) {
        PodRunner runner = runners.get(key(after));
        if (runner == null || !runner.uid().equals(after.getMetadata().getUid())) {
            onAdd(after);
        } else if (after.isMarkedForDeletion()) {
            runner.terminate(
                    Duration.ofSeconds(Optional.ofNullable(after.getMetadata().getDeletionGracePeriodSeconds())
                            .orElse(30L)));
        } else {
            runner.refreshVolumes();
        }
    }

    @Override
    public synchronized void onDelete(Pod pod, boolean stateUnknown) {
        waiting.remove(key(pod), pod);
        PodRunner runner = runners.get(key(pod));
        if (runner != null && runner.uid().equals(pod.getMetadata().getUid())) {
            runner.terminate(Duration.ZERO);
        }
    }

    /** A Secret or ConfigMap changed. */
    synchronized void onSourceChange(HasMetadata source) {
        runners.values().stream()
                .filter(runner -> runner.pod()
                        .getMetadata()
                        .getNamespace()
                        .equals(source.getMetadata().getNamespace()))
                .forEach(PodRunner::refreshVolumes);
    }

    /** The running process of a container. */
    synchronized Optional<ProcessFamily> process(String namespace, String pod, String container) {
        return Optional.ofNullable(runners.get(namespace + "/" + pod)).flatMap(runner -> runner.process(container));
    }

    /** Ends every pod within {@code grace}, or less if its spec says so, and returns when all have ended. */
    void stop(Duration grace) throws InterruptedException {
        List<PodRunner> all;
        synchronized (this) {
            waiting.clear();
            all = List.copyOf(runners.values());
        }
        for (PodRunner runner : all) {
            Duration own = runner.grace();
            runner.terminate(own.compareTo(grace) < 0 ? own : grace);
        }
        synchronized (this) {
            while (!runners.isEmpty()) {
                wait();
            }
        }
    }

    private void run(Pod pod) {
        if (pod.isMarkedForDeletion()) {
            client.resource(pod).withGracePeriod(0).delete();
            return;
        }
        var metadata = pod.getMetadata();
        String name = metadata.getNamespace() + "_" + metadata.getName();
        Path folder = machine.root()
                .resolve("pods")
                .resolve(name + "_" + metadata.getUid().substring(0, 8));
        Path logs = machine.root().resolve("logs").resolve(name);
        try {
            Files.createDirectories(folder.resolve("volumes"));
            Files.createDirectories(logs);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make the folders of pod " + name, e);
        }
        machine.account().own(folder);
        String address = Optional.ofNullable(metadata.getAnnotations())
                .map(annotations -> annotations.get(ADDRESS_ANNOTATION))
                .orElseGet(machine.network()::nextPodAddress);
        References references = new References(client, metadata.getNamespace());
        DownwardApi fields = new DownwardApi(pod, address);
        PodVolumes volumes =
                new PodVolumes(pod, folder.resolve("volumes"), references, fields, claims::folder, machine.account());
        Sandbox sandbox = new Sandbox(
                address,
                folder,
                logs,
                machine.images(),
                volumes,
                new ContainerEnvironment(references, fields),
                machine.spawner(),
                machine.account());
        PodRunner runner = new PodRunner(pod, sandbox, client, () -> onEnd(key(pod)));
        runners.put(key(pod), runner);
        runner.start();
    }

    private void onEnd(String key) {
        synchronized (this) {
            runners.remove(key);
            Pod next = waiting.remove(key);
            if (next != null) {
                run(next);
            }
            notifyAll();
        }
        claims.removeUnused();
    }

    private synchronized boolean isInUse(PersistentVolumeClaim claim) {
        return runners.values().stream()
                .map(PodRunner::pod)
                .filter(pod -> pod.getMetadata()
                        .getNamespace()
                        .equals(claim.getMetadata().getNamespace()))
                .flatMap(pod -> pod.getSpec().getVolumes().stream())
                .anyMatch(volume -> volume.getPersistentVolumeClaim() != null
                        && volume.getPersistentVolumeClaim()
                                .getClaimName()
                                .equals(claim.getMetadata().getName()));
    }

    private static String key(Pod pod) {
        return pod.getMetadata().getNamespace() + "/" + pod.getMetadata().getName();
    }
}
