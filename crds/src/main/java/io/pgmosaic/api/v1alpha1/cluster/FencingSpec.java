package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.pgmosaic.api.v1alpha1.common.ApiValue;
import io.pgmosaic.api.v1alpha1.common.Patterns;

import java.util.List;

/** What is kept out of service for as long as it is listed. */
@ApiValue
public record FencingSpec(
        @JsonPropertyDescription(
                "Instances whose PostgreSQL is stopped: they are neither primary nor acknowledge commits. A fenced primary is replaced first.")
        @Size(max = 256)
        List<@Pattern(Patterns.INSTANCE) @Size(min = 1, max = Patterns.INSTANCE_LENGTH) String> instances,

        @JsonPropertyDescription(
                "Shards whose primary admits no application: sessions are ended, new ones refused, replication goes on.")
        @Size(max = 256)
        List<@Pattern(Patterns.DNS_LABEL) @Size(min = 1, max = 30) String> shards) {

    public FencingSpec {
        instances = instances == null ? List.of() : List.copyOf(instances);
        shards = shards == null ? List.of() : List.copyOf(shards);
    }

    /** Nothing is fenced. */
    public static FencingSpec none() {
        return new FencingSpec(List.of(), List.of());
    }
}
