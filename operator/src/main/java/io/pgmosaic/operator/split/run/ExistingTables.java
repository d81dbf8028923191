package io.pgmosaic.operator.split.run;

import io.pgmosaic.maps.PlacedTable;
import io.pgmosaic.operator.split.MovingTable;
import io.pgmosaic.operator.split.ShardDatabase;
import io.pgmosaic.operator.split.record.SplitMaps;
import io.pgmosaic.routing.guard.SqlText;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Finds those of a split's tables that there are: a cluster may declare tables that nobody has created. */
final class ExistingTables {
    private ExistingTables() {}

    static List<MovingTable> of(ShardDatabase database, List<MovingTable> tables) throws SQLException {
        try (Connection superuser = database.asSuperuser();
                Statement statement = superuser.createStatement()) {
            return of(statement, tables, MovingTable::qualifiedName);
        }
    }

    static List<SplitMaps.Table> of(Statement statement, SplitMaps maps) throws SQLException {
        return of(statement, maps.tables(), table -> table.table().qualifiedName());
    }

    static List<PlacedTable> of(Connection session, List<PlacedTable> tables) throws SQLException {
        try (Statement statement = session.createStatement()) {
            return of(statement, tables, table -> table.guarded().qualifiedName());
        }
    }

    private static <T> List<T> of(Statement statement, List<T> tables, Function<T, String> name) throws SQLException {
        List<T> found = new ArrayList<>();
        for (T table : tables) {
            try (ResultSet row = statement.executeQuery(
                    "SELECT pg_catalog.to_regclass(" + SqlText.literal(name.apply(table)) + ") IS NOT NULL")) {
                row.next();
                if (row.getBoolean(1)) {
                    found.add(table);
                }
            }
        }
        return found;
    }
}
