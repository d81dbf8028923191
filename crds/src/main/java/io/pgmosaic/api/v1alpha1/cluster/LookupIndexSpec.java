package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.pgmosaic.api.v1alpha1.common.ApiValue;
import io.pgmosaic.api.v1alpha1.common.Patterns;

/** Finds the sharding key of a table's rows by another column, whose values are unique across all shards. */
@ApiValue
public record LookupIndexSpec(
        @JsonPropertyDescription("Name of the index, unique in the cluster.")
        @Required
        @Pattern(Patterns.DNS_LABEL)
        @Size(min = 1, max = 30)
        String name,

        @JsonPropertyDescription("The column whose values are looked up, of type text or varchar.")
        @Required
        @Pattern(Patterns.SQL_IDENTIFIER)
        @Size(min = 1, max = Patterns.SQL_IDENTIFIER_LENGTH)
        String column) {

    public LookupIndexSpec {
        name = name == null ? "" : name;
        column = column == null ? "" : column;
    }
}
