package io.pgmosaic.maps;

import io.pgmosaic.api.v1alpha1.cluster.TableSpec;
import io.pgmosaic.routing.guard.GuardedTable;
import io.pgmosaic.routing.key.KeyColumn;
import io.pgmosaic.routing.map.RowColumn;
import io.pgmosaic.routing.map.RowSchema;
import io.pgmosaic.routing.map.ShardMap;
import org.jspecify.annotations.Nullable;

/**
 * A declared table, and the map that places its rows. Tables of one group have the same map, not only an equal one.
 *
 * @param group empty for none
 */
public record PlacedTable(TableSpec table, ShardMap map, String group) {
    /** One of no group. */
    public PlacedTable(TableSpec table, ShardMap map) {
        this(table, map, "");
    }

    /** As the guard knows it. */
    public GuardedTable guarded() {
        RowSchema schema = Columns.schema(table);
        return new GuardedTable(
                table.schema(),
                table.name(),
                schema.key(),
                name(schema.column(RowColumn.Role.REGION)),
                name(schema.column(RowColumn.Role.TIME)),
                group);
    }

    private static @Nullable String name(@Nullable KeyColumn column) {
        return column == null ? null : column.name();
    }
}
