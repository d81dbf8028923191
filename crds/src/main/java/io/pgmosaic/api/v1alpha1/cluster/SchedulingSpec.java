package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.pgmosaic.api.v1alpha1.common.ApiValue;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/** On which nodes the database pods may run. */
@ApiValue
public record SchedulingSpec(
        @JsonPropertyDescription(
                "Whether two instances of one shard may share a node. Preferred: only if there is no other. Required: never. None: no rule.")
        @Default("Preferred")
        Spread podAntiAffinity,

        @JsonPropertyDescription("Labels that a node must have.")
        Map<String, String> nodeSelector,

        @JsonPropertyDescription(
                "Further affinity rules for the pods, as in a pod. A rule that spreads a shard's instances is added by podAntiAffinity.")
        @Nullable
        Affinity affinity,

        @JsonPropertyDescription("Taints of nodes that the pods tolerate, as in a pod.") @Size(max = 32)
        List<Toleration> tolerations,

        @JsonPropertyDescription(
                "How pods spread over zones or other domains, as in a pod. A constraint without a labelSelector gets that of the shard.")
        @Size(max = 16)
        List<TopologySpreadConstraint> topologySpreadConstraints) {

    public SchedulingSpec {
        podAntiAffinity = podAntiAffinity == null ? Spread.PREFERRED : podAntiAffinity;
        nodeSelector = nodeSelector == null ? Map.of() : Map.copyOf(nodeSelector);
        tolerations = tolerations == null ? List.of() : List.copyOf(tolerations);
        topologySpreadConstraints =
                topologySpreadConstraints == null ? List.of() : List.copyOf(topologySpreadConstraints);
    }

    public static SchedulingSpec defaults() {
        return new SchedulingSpec(Spread.PREFERRED, Map.of(), null, List.of(), List.of());
    }
}
