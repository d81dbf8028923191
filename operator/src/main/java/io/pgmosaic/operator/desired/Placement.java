package io.pgmosaic.operator.desired;

import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.AffinityBuilder;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.PodAffinityTerm;
import io.fabric8.kubernetes.api.model.PodAffinityTermBuilder;
import io.fabric8.kubernetes.api.model.PodAntiAffinityBuilder;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraintBuilder;
import io.fabric8.kubernetes.api.model.WeightedPodAffinityTermBuilder;
import io.pgmosaic.api.v1alpha1.cluster.SchedulingSpec;
import org.jspecify.annotations.Nullable;

import java.util.List;

/** On which nodes the instances of a shard go: on different ones, besides what the user asked for. */
final class Placement {
    private static final String NODE = "kubernetes.io/hostname";
    private static final int STRONGEST_WEIGHT = 100;

    private Placement() {}

    static @Nullable Affinity affinity(ClusterIntent intent, String shard) {
        SchedulingSpec scheduling = intent.spec().scheduling();
        Affinity given = scheduling.affinity();
        PodAffinityTerm otherInstance = new PodAffinityTermBuilder()
                .withTopologyKey(NODE)
                .withLabelSelector(instancesOf(intent, shard))
                .build();
        PodAntiAffinityBuilder apart = given == null || given.getPodAntiAffinity() == null
                ? new PodAntiAffinityBuilder()
                : new PodAntiAffinityBuilder(given.getPodAntiAffinity());
        switch (scheduling.podAntiAffinity()) {
            case REQUIRED -> apart.addToRequiredDuringSchedulingIgnoredDuringExecution(otherInstance);
            case PREFERRED ->
                apart.addToPreferredDuringSchedulingIgnoredDuringExecution(new WeightedPodAffinityTermBuilder()
                        .withWeight(STRONGEST_WEIGHT)
                        .withPodAffinityTerm(otherInstance)
                        .build());
            case NONE -> {
                return given;
            }
        }
        return (given == null ? new AffinityBuilder() : new AffinityBuilder(given))
                .withPodAntiAffinity(apart.build())
                .build();
    }

    /** The user's constraints; one that selects nothing selects the shard's instances. */
    static List<TopologySpreadConstraint> spread(ClusterIntent intent, String shard) {
        return intent.spec().scheduling().topologySpreadConstraints().stream()
                .map(given -> given.getLabelSelector() != null
                        ? given
                        : new TopologySpreadConstraintBuilder(given)
                                .withLabelSelector(instancesOf(intent, shard))
                                .build())
                .toList();
    }

    private static LabelSelector instancesOf(ClusterIntent intent, String shard) {
        return new LabelSelectorBuilder()
                .withMatchLabels(Labels.selector(intent.name(), shard))
                .build();
    }
}
