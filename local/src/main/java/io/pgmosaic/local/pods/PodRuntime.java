package io.pgmosaic.local.pods;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.pgmosaic.local.platform.Account;
import io.pgmosaic.local.platform.LoopbackNetwork;
import io.pgmosaic.local.platform.ProcessFamily;
import io.pgmosaic.local.platform.Spawner;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;

/** Runs the StatefulSets and pods of a Kubernetes API as processes of this machine. */
public final class PodRuntime implements AutoCloseable {
    /** Annotation of a pod that is to have a fixed address, for what a Service would stand before in a cluster. */
    public static final String ADDRESS_ANNOTATION = Kubelet.ADDRESS_ANNOTATION;

    private static final Duration GRACE_AT_THE_END = Duration.ofSeconds(5);

    private final StatefulSetController sets;
    private final Kubelet kubelet;
    private final List<SharedIndexInformer<?>> informers;
    private final Volumes volumes;

    private PodRuntime(
            StatefulSetController sets, Kubelet kubelet, List<SharedIndexInformer<?>> informers, Volumes volumes) {
        this.sets = sets;
        this.kubelet = kubelet;
        this.informers = informers;
        this.volumes = volumes;
    }

    /** Starts the runtime with volumes that are plain folders. */
    public static PodRuntime start(
            KubernetesClient client,
            Path root,
            Images images,
            LoopbackNetwork network,
            Spawner spawner,
            Account account) {
        return start(client, root, images, network, spawner, account, Volumes.folders());
    }

    /**
     * Starts the runtime.
     *
     * @param root its folder: {@code logs/<namespace>_<pod>/<container>.log}, {@code pods/}, {@code volumes/}. The account
     *     must be able to enter it
     */
    public static PodRuntime start(
            KubernetesClient client,
            Path root,
            Images images,
            LoopbackNetwork network,
            Spawner spawner,
            Account account,
            Volumes volumes) {
        VolumeClaims claims = new VolumeClaims(root.resolve("volumes"), account, client, volumes);
        Kubelet kubelet = new Kubelet(client, new Kubelet.Machine(root, images, network, spawner, account), claims);
        StatefulSetController sets = new StatefulSetController(client);
        SharedIndexInformer<Pod> pods = client.pods().inAnyNamespace().inform(kubelet);
        pods.addEventHandler(new Reaction<>(sets::onPod));
        return new PodRuntime(
                sets,
                kubelet,
                List.of(
                        client.persistentVolumeClaims().inAnyNamespace().inform(claims),
                        pods,
                        client.secrets().inAnyNamespace().inform(new Reaction<>(kubelet::onSourceChange)),
                        client.configMaps().inAnyNamespace().inform(new Reaction<>(kubelet::onSourceChange)),
                        client.apps().statefulSets().inAnyNamespace().inform(new Reaction<>(sets::onSet))),
                volumes);
    }

    /**
     * The running process of a container, for those who want to see what its death does.
     *
     * @throws NoSuchElementException when it does not run
     */
    public ProcessFamily process(String namespace, String pod, String container) {
        return kubelet.process(namespace, pod, container)
                .orElseThrow(() -> new NoSuchElementException(
                        "container " + container + " of pod " + namespace + "/" + pod + " does not run"));
    }

    /** Whether a pod's status speaks of the processes that run now, and not of earlier ones whose end is not told yet. */
    public boolean isOfRunningProcesses(Pod pod) {
        var metadata = pod.getMetadata();
        return pod.getStatus().getContainerStatuses().stream().allMatch(container -> kubelet.process(
                        metadata.getNamespace(), metadata.getName(), container.getName())
                .filter(process -> ContainerRecord.containerId(process.pid()).equals(container.getContainerID()))
                .isPresent());
    }

    /** Ends every pod. */
    @Override
    public void close() {
        sets.close();
        informers.forEach(SharedIndexInformer::close);
        try {
            kubelet.stop(GRACE_AT_THE_END);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        volumes.close();
    }
}
