package io.pgmosaic.api.v1alpha1.common;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** A ShardedCluster in the resource's namespace. */
@ApiValue
public record ClusterName(
        @JsonPropertyDescription("Name of the ShardedCluster, in the namespace of this resource.")
        @Required
        @Pattern(Patterns.DNS_LABEL)
        @Size(min = 1, max = Patterns.DNS_LABEL_LENGTH)
        String name) {

    public ClusterName {
        name = name == null ? "" : name;
    }
}
