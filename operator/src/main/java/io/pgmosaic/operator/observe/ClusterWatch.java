package io.pgmosaic.operator.observe;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import io.pgmosaic.operator.ClusterKey;
import io.pgmosaic.operator.desired.Labels;
import io.pgmosaic.operator.desired.Ports;
import io.pgmosaic.operator.instance.InstanceEndpoint;
import io.pgmosaic.operator.plan.ShardIdentity;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Caches of clusters, their database pods and their accepted specs, kept current by watches on the Kubernetes API. Pods
 * that come and go are passed on to the {@link InstanceObserver}.
 */
public final class ClusterWatch implements AutoCloseable {
    /** Marks the ConfigMap that holds a cluster's accepted spec. */
    public static final String ACCEPTED_SPEC_LABEL = "pgmosaic.io/accepted-spec";

    private final KubernetesClient client;
    private final Set<String> namespaces;
    private final InstanceObserver observer;
    private final CopyOnWriteArrayList<Consumer<ClusterKey>> listeners = new CopyOnWriteArrayList<>();
    private final List<SharedIndexInformer<ShardedCluster>> clusters = new ArrayList<>();
    private final List<SharedIndexInformer<Pod>> pods = new ArrayList<>();
    private final List<SharedIndexInformer<ConfigMap>> acceptedSpecs = new ArrayList<>();

    /**
     * @param namespaces to watch; empty for all
     */
    public ClusterWatch(KubernetesClient client, Set<String> namespaces, InstanceObserver observer) {
        this.client = client;
        this.namespaces = Set.copyOf(namespaces);
        this.observer = observer;
    }

    /** Called with a cluster whenever it, one of its pods or its accepted spec changed; must return quickly. */
    public void addListener(Consumer<ClusterKey> listener) {
        listeners.add(listener);
    }

    /** Begins to watch; returns when the caches are filled. */
    public void start() {
        clusters.addAll(informers(
                client.resources(ShardedCluster.class), null, new Handler<>(cluster -> Optional.of(keyOf(cluster)))));
        acceptedSpecs.addAll(
                informers(client.configMaps(), ACCEPTED_SPEC_LABEL, new Handler<ConfigMap>(ClusterWatch::clusterOf)));
        pods.addAll(informers(client.pods(), Labels.SHARD, new PodHandler()));
    }

    private <T extends HasMetadata, L extends KubernetesResourceList<T>, R extends Resource<T>>
            List<SharedIndexInformer<T>> informers(
                    MixedOperation<T, L, R> operation, @Nullable String label, ResourceEventHandler<T> handler) {
        List<FilterWatchListDeletable<T, L, R>> scopes = new ArrayList<>();
        if (namespaces.isEmpty()) {
            scopes.add(
                    label == null
                            ? operation.inAnyNamespace()
                            : operation.inAnyNamespace().withLabel(label));
        }
        for (String namespace : namespaces) {
            scopes.add(
                    label == null
                            ? operation.inNamespace(namespace)
                            : operation.inNamespace(namespace).withLabel(label));
        }
        return scopes.stream().map(scope -> scope.inform(handler)).toList();
    }

    /** The clusters that exist. */
    public List<ShardedCluster> clusters() {
        return clusters.stream()
                .flatMap(informer -> informer.getStore().list().stream())
                .toList();
    }

    public Optional<ShardedCluster> cluster(ClusterKey key) {
        return find(clusters, key.namespace(), key.name());
    }

    public Optional<ConfigMap> configMap(String namespace, String name) {
        return find(acceptedSpecs, namespace, name);
    }

    public Optional<Pod> pod(String namespace, String name) {
        return find(pods, namespace, name);
    }

    /** The database pods of a cluster, by shard. */
    public Map<String, List<Pod>> pods(ClusterKey cluster) {
        return pods.stream()
                .flatMap(informer -> informer.getStore().list().stream())
                .filter(pod -> cluster.namespace().equals(pod.getMetadata().getNamespace())
                        && cluster.name().equals(pod.getMetadata().getLabels().get(Labels.CLUSTER))
                        && isInstance(pod))
                .collect(Collectors.groupingBy(
                        pod -> pod.getMetadata().getLabels().get(Labels.SHARD)));
    }

    /** The database pods of a shard. */
    public List<Pod> pods(ClusterKey cluster, String shard) {
        return pods.stream()
                .flatMap(informer -> informer.getStore().list().stream())
                .filter(pod -> cluster.namespace().equals(pod.getMetadata().getNamespace())
                        && cluster.name().equals(pod.getMetadata().getLabels().get(Labels.CLUSTER))
                        && shard.equals(pod.getMetadata().getLabels().get(Labels.SHARD))
                        && isInstance(pod))
                .toList();
    }

    private static <T extends HasMetadata> Optional<T> find(
            List<SharedIndexInformer<T>> informers, String namespace, String name) {
        return informers.stream()
                .map(informer -> informer.getStore().getByKey(namespace + "/" + name))
                .filter(found -> found != null)
                .findFirst();
    }

    /** Anybody can put our labels on a pod; only the StatefulSet controller makes pods that belong to a StatefulSet. */
    private static boolean isInstance(Pod pod) {
        return pod.getMetadata().getOwnerReferences().stream()
                .anyMatch(owner -> "StatefulSet".equals(owner.getKind()) && Boolean.TRUE.equals(owner.getController()));
    }

    private static ClusterKey keyOf(ShardedCluster cluster) {
        return new ClusterKey(
                cluster.getMetadata().getNamespace(), cluster.getMetadata().getName());
    }

    private static Optional<ClusterKey> clusterOf(HasMetadata object) {
        String cluster = object.getMetadata().getLabels().get(Labels.CLUSTER);
        return cluster == null
                ? Optional.empty()
                : Optional.of(new ClusterKey(object.getMetadata().getNamespace(), cluster));
    }

    private void tell(Optional<ClusterKey> cluster) {
        cluster.ifPresent(key -> listeners.forEach(listener -> listener.accept(key)));
    }

    private class Handler<T> implements ResourceEventHandler<T> {
        private final java.util.function.Function<T, Optional<ClusterKey>> key;

        Handler(java.util.function.Function<T, Optional<ClusterKey>> key) {
            this.key = key;
        }

        @Override
        public void onAdd(T object) {
            tell(key.apply(object));
        }

        @Override
        public void onUpdate(T before, T after) {
            tell(key.apply(after));
        }

        @Override
        public void onDelete(T object, boolean finalStateUnknown) {
            tell(key.apply(object));
        }
    }

    private final class PodHandler extends Handler<Pod> {
        PodHandler() {
            super(ClusterWatch::clusterOf);
        }

        @Override
        public void onAdd(Pod pod) {
            pass(pod);
            super.onAdd(pod);
        }

        @Override
        public void onUpdate(Pod before, Pod after) {
            pass(after);
            super.onUpdate(before, after);
        }

        @Override
        public void onDelete(Pod pod, boolean finalStateUnknown) {
            clusterOf(pod)
                    .ifPresent(cluster -> observer.unwatch(
                            new InstanceKey(cluster, pod.getMetadata().getName())));
            super.onDelete(pod, finalStateUnknown);
        }

        /** Passes on where the instance is. */
        private void pass(Pod pod) {
            String address = pod.getStatus() == null ? null : pod.getStatus().getPodIP();
            String shard = pod.getMetadata().getLabels().get(Labels.SHARD);
            if (address == null || address.isEmpty() || shard == null || !isInstance(pod)) {
                return;
            }
            clusterOf(pod)
                    .ifPresent(cluster -> observer.watch(new InstanceEndpoint(
                            cluster,
                            pod.getMetadata().getName(),
                            new ShardIdentity(cluster.namespace(), cluster.name(), "", shard).service(),
                            address,
                            Ports.MANAGER)));
        }
    }

    @Override
    public void close() {
        clusters.forEach(SharedIndexInformer::close);
        acceptedSpecs.forEach(SharedIndexInformer::close);
        pods.forEach(SharedIndexInformer::close);
    }
}
