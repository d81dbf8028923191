package io.pgmosaic.operator.cluster;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterSpec;
import io.pgmosaic.operator.ClusterKey;
import io.pgmosaic.operator.desired.ClusterNames;
import io.pgmosaic.operator.observe.ClusterWatch;
import io.pgmosaic.operator.observe.InstanceKey;
import io.pgmosaic.operator.observe.InstanceObserver;
import io.pgmosaic.operator.observe.Observation;
import io.pgmosaic.operator.observe.PodProblem;
import io.pgmosaic.operator.plan.InstanceFacts;
import io.pgmosaic.operator.plan.ShardFacts;
import io.pgmosaic.operator.plan.ShardIdentity;
import io.pgmosaic.operator.plan.ShardRecord;
import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Gathers what is known of a shard now. */
final class ShardFactsCollector {
    /** A status older than this says nothing about now. */
    private static final Duration FRESH = Duration.ofSeconds(5);

    private final KubernetesClient client;
    private final ClusterWatch watch;
    private final InstanceObserver observer;
    private final Clock clock;

    ShardFactsCollector(KubernetesClient client, ClusterWatch watch, InstanceObserver observer, Clock clock) {
        this.client = client;
        this.watch = watch;
        this.observer = observer;
        this.clock = clock;
    }

    ShardFacts collect(ShardedCluster cluster, ShardedClusterSpec spec, ShardRecord record, boolean databaseReady) {
        ShardIdentity identity = new ShardIdentity(
                cluster.getMetadata().getNamespace(),
                cluster.getMetadata().getName(),
                cluster.getMetadata().getUid(),
                record.shard());
        ClusterKey key = new ClusterKey(identity.namespace(), identity.cluster());
        TreeSet<Integer> ordinals = new TreeSet<>();
        for (int ordinal = 0; ordinal < spec.instancesPerShard(); ordinal++) {
            ordinals.add(ordinal);
        }
        watch.pods(key, record.shard()).forEach(pod -> ordinal(pod, identity).ifPresent(ordinals::add));
        List<InstanceFacts> instances = ordinals.stream()
                .map(ordinal -> instance(cluster, key, identity, ordinal, record))
                .toList();
        return new ShardFacts(identity, spec, record, instances, databaseReady);
    }

    private InstanceFacts instance(
            ShardedCluster cluster, ClusterKey key, ShardIdentity identity, int ordinal, ShardRecord record) {
        String name = identity.workload() + "-" + ordinal;
        Optional<Pod> pod = watch.pod(identity.namespace(), name);
        Observation seen = observer.observation(new InstanceKey(key, name));
        Instant answeredAt = seen == null ? null : seen.answeredAt();
        boolean fresh = answeredAt != null && clock.instant().isBefore(answeredAt.plus(FRESH));
        return new InstanceFacts(
                name,
                ordinal,
                pod.map(found -> found.getStatus() == null
                                ? null
                                : found.getStatus().getPodIP())
                        .orElse(null),
                pod.map(PodProblem::of).orElse(null),
                record.bootstrapInstance() == null
                        && record.systemIdentifier() == null
                        && volumePredates(cluster, identity.namespace(), name),
                seen != null && fresh ? seen.status() : null,
                seen == null ? null : seen.failure());
    }

    private boolean volumePredates(ShardedCluster cluster, String namespace, String instance) {
        PersistentVolumeClaim claim = client.persistentVolumeClaims()
                .inNamespace(namespace)
                .withName(ClusterNames.volumeClaim(instance))
                .get();
        return claim != null
                && isBefore(
                        claim.getMetadata().getCreationTimestamp(),
                        cluster.getMetadata().getCreationTimestamp());
    }

    private static boolean isBefore(@Nullable String timestamp, @Nullable String other) {
        return timestamp != null && other != null && Instant.parse(timestamp).isBefore(Instant.parse(other));
    }

    private static Optional<Integer> ordinal(Pod pod, ShardIdentity identity) {
        String name = pod.getMetadata().getName();
        String prefix = identity.workload() + "-";
        if (!name.startsWith(prefix) || !name.substring(prefix.length()).matches("\\d{1,4}")) {
            return Optional.empty();
        }
        return Optional.of(Integer.parseInt(name.substring(prefix.length())));
    }
}
