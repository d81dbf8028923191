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
@ValidationRule(
        value =
                "!has(oldSelf.lookupIndexes) || (has(self.lookupIndexes) && oldSelf.lookupIndexes.all(o, o in self.lookupIndexes))",
        message =
                "lookupIndexes cannot be removed or changed, rows are found by them: write those that there are, and add others")
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
        List<KeyColumn> key,

        @JsonPropertyDescription(
                "Columns by which a row's key is found, such as an e-mail address, each value on one row of all shards. A value is reserved before a row with it is written. Only for tables whose key alone decides where rows are. An index can be added while no row has a value, and not be removed.")
        @Size(max = 4)
        @ValidationRule(
                value =
                        "self.all(a, self.exists_one(b, b.name == a.name)) && self.all(a, self.exists_one(b, b.column == a.column))",
                message = "lookupIndexes: a name or a column is listed twice: write each index once")
        List<LookupIndexSpec> lookupIndexes) {

    public TableSpec {
        schema = schema == null ? "public" : schema;
        name = name == null ? "" : name;
        key = key == null ? List.of() : List.copyOf(key);
        lookupIndexes = lookupIndexes == null ? List.of() : List.copyOf(lookupIndexes);
    }

    /** A table without lookup indexes. */
    public TableSpec(String schema, String name, List<KeyColumn> key) {
        this(schema, name, key, List.of());
    }

    /** {@code schema.name}, unquoted. */
    public String qualifiedName() {
        return schema + "." + name;
    }
}
