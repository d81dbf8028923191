package io.pgmosaic.operator.desired;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;

/** Lets a drain take one instance of a shard at a time. */
final class ShardDisruptionBudget {
    private ShardDisruptionBudget() {}

    static PodDisruptionBudget of(ClusterIntent intent, String shard) {
        return new PodDisruptionBudgetBuilder()
                .withNewMetadata()
                .withName(ClusterNames.workload(intent.name(), shard))
                .withNamespace(intent.namespace())
                .withLabels(Labels.ofShard(intent.name(), shard))
                .withOwnerReferences(intent.owner())
                .endMetadata()
                .withNewSpec()
                .withMaxUnavailable(new IntOrString(1))
                .withNewSelector()
                .withMatchLabels(Labels.selector(intent.name(), shard))
                .endSelector()
                .endSpec()
                .build();
    }
}
