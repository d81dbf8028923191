package io.pgmosaic.protocol.topology;

import com.fasterxml.jackson.annotation.JsonCreator;
import io.pgmosaic.routing.key.KeyType;
import io.pgmosaic.routing.map.RowColumn;
import io.pgmosaic.routing.map.RowSchema;
import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * A sharded table.
 *
 * @param schema unquoted SQL name, {@code public} by default
 * @param name unquoted SQL name
 * @param group whose map places the rows; null for none
 * @param lookupIndexes none from an operator that knows none
 * @param retentionMillis how long rows are kept after the end of their period; null for ever
 */
public record TableRule(
        String schema,
        String name,
        List<KeyColumn> key,
        @Nullable String group,
        List<LookupIndex> lookupIndexes,
        @Nullable Long retentionMillis) {
    /** A table of no group. */
    public TableRule(String schema, String name, List<KeyColumn> key) {
        this(schema, name, key, null);
    }

    /** A table without lookup indexes. */
    public TableRule(String schema, String name, List<KeyColumn> key, @Nullable String group) {
        this(schema, name, key, group, List.of(), null);
    }

    /** A table whose rows are kept for ever. */
    public TableRule(
            String schema, String name, List<KeyColumn> key, @Nullable String group, List<LookupIndex> lookupIndexes) {
        this(schema, name, key, group, lookupIndexes, null);
    }

    @JsonCreator
    public TableRule {
        key = List.copyOf(key);
        lookupIndexes = lookupIndexes == null ? List.of() : List.copyOf(lookupIndexes);
    }

    /** Finds the key of a row by the value of another column. */
    public record LookupIndex(String name, String column) {}

    /**
     * One column of a key, in the order in which a request gives them and in which those of role {@code KEY} are hashed.
     *
     * @param role null, from an operator that knows none, for {@code KEY}
     */
    public record KeyColumn(String column, KeyType type, RowColumn.@Nullable Role role) {
        public KeyColumn(String column, KeyType type) {
            this(column, type, RowColumn.Role.KEY);
        }
    }

    /** In the form that reads requests. */
    public RowSchema rowSchema() {
        return new RowSchema(key.stream()
                .map(column -> new RowColumn(
                        new io.pgmosaic.routing.key.KeyColumn(column.column(), column.type()),
                        column.role() == null ? RowColumn.Role.KEY : column.role()))
                .toList());
    }

    /** {@code schema.name}, the form in which a request may name the table beside the bare name of a public one. */
    public String qualifiedName() {
        return schema + "." + name;
    }
}
