package io.pgmosaic.operator.topology;

import io.fabric8.kubernetes.api.model.Pod;
import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterSpec;
import io.pgmosaic.operator.ClusterKey;
import io.pgmosaic.operator.cluster.AcceptedSpecs;
import io.pgmosaic.operator.observe.ClusterWatch;
import io.pgmosaic.operator.observe.InstanceKey;
import io.pgmosaic.operator.observe.InstanceObserver;
import io.pgmosaic.operator.observe.Observation;
import io.pgmosaic.operator.plan.ShardIdentity;
import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Keeps the topology of every cluster current. */
public final class TopologyService {
    /** How clients outside the operator address a server. */
    public enum HostForm {
        /** The pod's name in the headless Service, which the server's certificate holds. */
        DNS,
        /** The pod's IP address, where no cluster DNS answers. */
        ADDRESS
    }

    private final ClusterWatch watch;
    private final InstanceObserver observer;
    private final AcceptedSpecs acceptedSpecs;
    private final TopologyHub hub;
    private final Zones zones;
    private final HostForm hostForm;
    private final Clock clock;

    public TopologyService(
            ClusterWatch watch,
            InstanceObserver observer,
            AcceptedSpecs acceptedSpecs,
            TopologyHub hub,
            Zones zones,
            HostForm hostForm,
            Clock clock) {
        this.watch = watch;
        this.observer = observer;
        this.acceptedSpecs = acceptedSpecs;
        this.hub = hub;
        this.zones = zones;
        this.hostForm = hostForm;
        this.clock = clock;
    }

    /** Builds the cluster's topology anew and publishes it when it changed. One at a time, so that none goes back. */
    public synchronized void refresh(ClusterKey key) {
        Optional<ShardedCluster> cluster = watch.cluster(key);
        if (cluster.isEmpty()) {
            hub.forget(key);
            return;
        }
        Optional<ShardedClusterSpec> spec = acceptedSpecs.accepted(cluster.get());
        if (spec.isEmpty()) {
            return;
        }
        Map<String, List<Pod>> pods = watch.pods(key);
        TopologyAssembler.assemble(
                        cluster.get(),
                        spec.get(),
                        shard -> instances(cluster.get(), key, shard, pods.getOrDefault(shard, List.of())),
                        clock.instant())
                .ifPresent(topology -> hub.publish(key, topology));
    }

    private List<TopologyAssembler.Instance> instances(
            ShardedCluster cluster, ClusterKey key, String shard, List<Pod> pods) {
        ShardIdentity identity = new ShardIdentity(
                key.namespace(), key.name(), cluster.getMetadata().getUid(), shard);
        return pods.stream()
                .filter(pod -> pod.getStatus() != null && pod.getStatus().getPodIP() != null)
                .sorted(java.util.Comparator.comparing(pod -> pod.getMetadata().getName()))
                .map(pod -> {
                    String name = pod.getMetadata().getName();
                    Observation seen = observer.observation(new InstanceKey(key, name));
                    return new TopologyAssembler.Instance(
                            name,
                            hostForm == HostForm.DNS
                                    ? identity.host(name)
                                    : pod.getStatus().getPodIP(),
                            seen == null ? null : seen.status(),
                            answers(seen),
                            age(seen),
                            zones.of(pod));
                })
                .toList();
    }

    private Duration age(@Nullable Observation seen) {
        return seen == null || seen.answeredAt() == null
                ? Duration.ZERO
                : Duration.between(seen.answeredAt(), observer.now());
    }

    private static boolean answers(@Nullable Observation seen) {
        return seen != null && seen.failure() == null;
    }
}
