package io.pgmosaic.operator.directory;

import io.pgmosaic.api.v1alpha1.cluster.TableSpec;
import io.pgmosaic.maps.Columns;
import io.pgmosaic.maps.PlacedTable;
import io.pgmosaic.routing.guard.SqlText;
import io.pgmosaic.routing.key.KeyColumn;
import io.pgmosaic.routing.key.KeyType;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds out of which keys a shard has rows. All rows of a shard are of its region, so the region need not be compared. */
final class HeldRows {
    private HeldRows() {}

    /** A table that has rows of it, by the key; keys of which there are none are left out. */
    static Map<Tenant, String> find(Connection session, KeyTables tables, List<Tenant> tenants) throws SQLException {
        Map<Tenant, String> held = new HashMap<>();
        for (PlacedTable placed : tables.tables()) {
            if (exists(session, placed.table())) {
                find(session, placed.table(), tenants, held);
            }
        }
        return held;
    }

    static boolean exists(Connection session, TableSpec table) throws SQLException {
        try (PreparedStatement statement = session.prepareStatement("SELECT to_regclass(?) IS NOT NULL")) {
            statement.setString(1, SqlText.qualified(table.schema(), table.name()));
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    private static void find(Connection session, TableSpec table, List<Tenant> tenants, Map<Tenant, String> held)
            throws SQLException {
        List<KeyColumn> columns = Columns.schema(table).key().columns();
        List<String> given = new ArrayList<>();
        List<String> names = new ArrayList<>();
        List<String> conditions = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            KeyColumn column = columns.get(i);
            String name = "t." + SqlText.identifier(column.name());
            given.add("unnest(?::" + type(column.type()) + "[])");
            names.add("k" + i);
            conditions.add(name + " = k.k" + i);
            if (column.type() == KeyType.TEXT) {
                // The first finds it by the index, whatever the column's collation calls equal; this one by the letter.
                conditions.add(name + "::text COLLATE \"C\" = k.k" + i);
            }
        }
        String sql = "SELECT k.i FROM ROWS FROM (" + String.join(", ", given) + ") WITH ORDINALITY AS k ("
                + String.join(", ", names) + ", i) WHERE EXISTS (SELECT FROM "
                + SqlText.qualified(table.schema(), table.name()) + " AS t WHERE " + String.join(" AND ", conditions)
                + ")";
        try (PreparedStatement statement = session.prepareStatement(sql)) {
            for (int i = 0; i < columns.size(); i++) {
                int column = i;
                statement.setArray(
                        i + 1,
                        session.createArrayOf(
                                "text",
                                tenants.stream()
                                        .map(tenant -> tenant.row()
                                                .key()
                                                .values()
                                                .get(column)
                                                .text())
                                        .toArray()));
            }
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    held.putIfAbsent(tenants.get(Math.toIntExact(row.getLong(1)) - 1), table.qualifiedName());
                }
            }
        }
    }

    private static String type(KeyType type) {
        return switch (type) {
            case BIGINT -> "int8";
            case TEXT -> "text";
            case UUID -> "uuid";
            case TIMESTAMPTZ -> "timestamptz";
        };
    }
}
