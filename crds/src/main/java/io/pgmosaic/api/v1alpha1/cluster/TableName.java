package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.pgmosaic.api.v1alpha1.common.ApiValue;
import io.pgmosaic.api.v1alpha1.common.Patterns;

/** A table by its schema and name. */
@ValidationRule(
        value = "!self.schema.startsWith('pg_') && self.schema != 'information_schema' && self.schema != 'mosaic'",
        message =
                "schema: pg_*, information_schema and mosaic belong to PostgreSQL and to PgMosaic: write the schema of your own table")
@ApiValue
public record TableName(
        @JsonPropertyDescription("Schema of the table.")
        @Default("public")
        @Pattern(Patterns.SQL_IDENTIFIER)
        @Size(min = 1, max = Patterns.SQL_IDENTIFIER_LENGTH)
        String schema,

        @JsonPropertyDescription("Name of the table, in lower case.")
        @Required
        @Pattern(Patterns.SQL_IDENTIFIER)
        @Size(min = 1, max = Patterns.SQL_IDENTIFIER_LENGTH)
        String name) {

    public TableName {
        schema = schema == null ? "public" : schema;
        name = name == null ? "" : name;
    }

    /** {@code schema.name}, unquoted. */
    public String qualifiedName() {
        return schema + "." + name;
    }
}
