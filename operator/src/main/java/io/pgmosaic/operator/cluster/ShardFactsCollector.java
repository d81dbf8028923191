package io.pgmosaic.operator.cluster;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterSpec;
import io.pgmosaic.operator.ClusterKey;
import io.pgmosaic.operator.desired.ClusterNames;
import io.pgmosaic.operator.desired.Labels;
import io.pgmosaic.operator.observe.ClusterWatch;
import io.pgmosaic.operator.observe.InstanceKey;
import io.pgmosaic.operator.observe.InstanceObserver;
import io.pgmosaic.operator.observe.Observation;
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
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Gathers what is known of a shard now. */
final class ShardFactsCollector {
    /** A status older than this says nothing about now. */
    private static final Duration FRESH = Duration.ofSeconds(5);

    private final KubernetesClient client;
    private final ClusterWatch watch;
    private final InstanceObserver observer;
    private final CommandSender commands;
    private final Setbacks setbacks;
    private final Clock clock;

    ShardFactsCollector(
            KubernetesClient client,
            ClusterWatch watch,
            InstanceObserver observer,
            CommandSender commands,
            Setbacks setbacks,
            Clock clock) {
        this.client = client;
        this.watch = watch;
        this.observer = observer;
        this.commands = commands;
        this.setbacks = setbacks;
        this.clock = clock;
    }

    /**
     * @param oldPrimaryStopped whether a fencing Job has proven that the old primary has stopped
     * @param updateRevision of its StatefulSet; null while that is not known
     */
    ShardFacts collect(
            ShardedCluster cluster,
            ShardedClusterSpec spec,
            ShardRecord record,
            boolean oldPrimaryStopped,
            @Nullable String updateRevision) {
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
        boolean beginning = record.bootstrapInstance() == null && record.systemIdentifier() == null;
        Set<String> olderClaims = beginning ? claimsOlderThan(cluster, record.shard()) : Set.of();
        olderClaims.forEach(claim -> ordinal(claim, ClusterNames.volumeClaim(identity.workload()) + "-")
                .ifPresent(ordinals::add));
        watch.pods(key, record.shard()).forEach(pod -> ordinal(pod.getMetadata().getName(), identity.workload() + "-")
                .ifPresent(ordinals::add));
        Observation primary =
                record.primary() == null ? null : observer.observation(new InstanceKey(key, record.primary()));
        String created = cluster.getMetadata().getCreationTimestamp();
        Instant began = created == null ? Instant.EPOCH : Instant.parse(created);
        List<InstanceFacts> instances = ordinals.stream()
                .map(ordinal -> instance(
                        key,
                        identity,
                        ordinal,
                        ordinal < spec.instancesPerShard() ? began : null,
                        olderClaims,
                        primary,
                        updateRevision))
                .toList();
        return new ShardFacts(identity, spec, record, instances, false, oldPrimaryStopped, false, clock.instant());
    }

    /**
     * @param wantedSince when the cluster began to want it, for which reason older Events do not count; null when it does not
     */
    private InstanceFacts instance(
            ClusterKey key,
            ShardIdentity identity,
            int ordinal,
            @Nullable Instant wantedSince,
            Set<String> olderClaims,
            @Nullable Observation primary,
            @Nullable String updateRevision) {
        String name = identity.workload() + "-" + ordinal;
        Observation seen = observer.observation(new InstanceKey(key, name));
        Pod pod = watch.pod(identity.namespace(), name).orElse(null);
        Instant now = observer.now();
        Instant answeredAt = seen == null ? null : seen.answeredAt();
        boolean fresh = answeredAt != null && now.isBefore(answeredAt.plus(FRESH));
        return new InstanceFacts(
                name,
                ordinal,
                PodFactsOf.pod(
                        pod,
                        wantedSince == null ? null : setbacks.of(key, identity.workload(), name, pod, wantedSince),
                        updateRevision,
                        clock.instant()),
                olderClaims.contains(ClusterNames.volumeClaim(name)),
                seen != null && fresh ? seen.status() : null,
                Contacts.of(seen, name, primary, now),
                commands.refusal(new InstanceKey(key, name)));
    }

    /** Volume claims of the shard that were there before the ShardedCluster was. */
    private Set<String> claimsOlderThan(ShardedCluster cluster, String shard) {
        return client
                .persistentVolumeClaims()
                .inNamespace(cluster.getMetadata().getNamespace())
                .withLabel(Labels.CLUSTER, cluster.getMetadata().getName())
                .withLabel(Labels.SHARD, shard)
                .list()
                .getItems()
                .stream()
                .filter(claim -> isBefore(
                        claim.getMetadata().getCreationTimestamp(),
                        cluster.getMetadata().getCreationTimestamp()))
                .map(claim -> claim.getMetadata().getName())
                .collect(Collectors.toSet());
    }

    private static boolean isBefore(@Nullable String timestamp, @Nullable String other) {
        return timestamp != null && other != null && Instant.parse(timestamp).isBefore(Instant.parse(other));
    }

    private static Optional<Integer> ordinal(String name, String prefix) {
        return name.startsWith(prefix) && name.substring(prefix.length()).matches("\\d{1,4}")
                ? Optional.of(Integer.parseInt(name.substring(prefix.length())))
                : Optional.empty();
    }
}
