package io.pgmosaic.maps;

import io.pgmosaic.api.v1alpha1.cluster.ColumnRole;
import io.pgmosaic.api.v1alpha1.cluster.KeyColumnType;
import io.pgmosaic.api.v1alpha1.cluster.TableSpec;
import io.pgmosaic.routing.key.KeyColumn;
import io.pgmosaic.routing.key.KeyType;
import io.pgmosaic.routing.map.RowColumn;
import io.pgmosaic.routing.map.RowSchema;

/** Declared key columns as the routing library has them. */
public final class Columns {
    private Columns() {}

    /**
     * The columns by which rows of {@code table} are found.
     *
     * @throws IllegalArgumentException when they contradict each other
     * @throws IllegalStateException when one has no type
     */
    public static RowSchema schema(TableSpec table) {
        return new RowSchema(table.key().stream()
                .map(column ->
                        new RowColumn(new KeyColumn(column.column(), type(column.hashedAs())), role(column.role())))
                .toList());
    }

    public static KeyType type(KeyColumnType type) {
        return switch (type) {
            case BIGINT -> KeyType.BIGINT;
            case TEXT -> KeyType.TEXT;
            case UUID -> KeyType.UUID;
            case TIMESTAMP -> KeyType.TIMESTAMPTZ;
        };
    }

    static KeyColumnType type(KeyType type) {
        return switch (type) {
            case BIGINT -> KeyColumnType.BIGINT;
            case TEXT -> KeyColumnType.TEXT;
            case UUID -> KeyColumnType.UUID;
            case TIMESTAMPTZ -> KeyColumnType.TIMESTAMP;
        };
    }

    private static RowColumn.Role role(ColumnRole role) {
        return switch (role) {
            case KEY -> RowColumn.Role.KEY;
            case REGION -> RowColumn.Role.REGION;
            case TIME -> RowColumn.Role.TIME;
            case DETAIL -> RowColumn.Role.DETAIL;
        };
    }
}
