package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.pgmosaic.api.v1alpha1.common.ApiValue;

import java.util.List;

/** A table as it was first sharded. */
@ApiValue
public record AcceptedTable(
        @JsonPropertyDescription("Schema of the table.") String schema,
        @JsonPropertyDescription("Name of the table.") String name,
        @JsonPropertyDescription("Its key columns.") List<AcceptedKeyColumn> key) {

    public AcceptedTable {
        schema = schema == null ? "" : schema;
        name = name == null ? "" : name;
        key = key == null ? List.of() : List.copyOf(key);
    }

    public static AcceptedTable of(TableSpec table) {
        return new AcceptedTable(
                table.schema(),
                table.name(),
                table.key().stream()
                        .map(column -> new AcceptedKeyColumn(column.column(), column.hashedAs()))
                        .toList());
    }

    /** {@code schema.name}, unquoted. */
    public String qualifiedName() {
        return schema + "." + name;
    }
}
