package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.pgmosaic.api.v1alpha1.common.ApiValue;
import io.pgmosaic.api.v1alpha1.common.Patterns;

import java.util.List;

/** A table whose rows are spread over the shards. */
@ValidationRule(
        value = "!self.schema.startsWith('pg_') && self.schema != 'information_schema' && self.schema != 'mosaic'",
        message =
                "schema: pg_*, information_schema and mosaic belong to PostgreSQL and to PgMosaic: write the schema of your own table")
@ApiValue
public record TableSpec(
        @JsonPropertyDescription("Schema of the table.")
        @Default("public")
        @Pattern(Patterns.SQL_IDENTIFIER)
        @Size(min = 1, max = Patterns.SQL_IDENTIFIER_LENGTH)
        String schema,

        @JsonPropertyDescription(
                "Name of the table, in lower case. The table itself comes from initSql or from your own migrations.")
        @Required
        @Pattern(Patterns.SQL_IDENTIFIER)
        @Size(min = 1, max = Patterns.SQL_IDENTIFIER_LENGTH)
        String name,

        @JsonPropertyDescription(
                "The columns by which a row is found, in the order in which lookups give them. They cannot be changed later.")
        @Required
        @Size(min = 1, max = 6)
        @ValidationRule(
                value = "self == oldSelf",
                message =
                        "key: the key columns of a table cannot be changed, every row would move: write those that it was created with")
        @ValidationRule(
                value = "self.all(a, self.exists_one(b, b.column == a.column))",
                message = "key: a column is listed twice: write each column once")
        List<KeyColumn> key) {

    public TableSpec {
        schema = schema == null ? "public" : schema;
        name = name == null ? "" : name;
        key = key == null ? List.of() : List.copyOf(key);
    }

    /** {@code schema.name}, unquoted. */
    public String qualifiedName() {
        return schema + "." + name;
    }
}
