package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.pgmosaic.api.v1alpha1.common.ApiValue;
import io.pgmosaic.api.v1alpha1.common.Patterns;

/** When it is looked whether all shards have the same schema. */
@ApiValue
public record SchemaDriftSpec(
        @JsonPropertyDescription(
                "How long after one look the next follows, at most 5m while shards differ: a whole number and ms, s, m or h. 0s: only when the annotation pgmosaic.io/check-schema is set or changed.")
        @Default("24h")
        @Pattern(Patterns.DURATION)
        @Size(max = Patterns.DURATION_LENGTH)
        String every) {

    /** Its text has no meaning but that another one asks for another look. */
    public static final String ANNOTATION = "pgmosaic.io/check-schema";

    public SchemaDriftSpec {
        every = every == null ? "24h" : every;
    }

    public static SchemaDriftSpec defaults() {
        return new SchemaDriftSpec("24h");
    }
}
