package io.pgmosaic.operator.directory;

import io.pgmosaic.maps.PlacedTable;
import io.pgmosaic.routing.guard.Guard;
import io.pgmosaic.routing.guard.GuardSchema;
import io.pgmosaic.routing.guard.GuardedTable;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Set;

/** Whether a shard's guards look into the directory: nothing else keeps rows of a key off a shard that does not have it. */
final class GuardsInPlace {
    private GuardsInPlace() {}

    /**
     * What is missing, for a person; empty when nothing is. A table that does not exist on the shard is guarded once it does. One
     * that is guarded there and that this operator has not heard of may have rows that nobody would look for.
     */
    static String missing(Connection superuser, String shard, KeyTables tables) throws SQLException {
        Set<String> intact = new HashSet<>();
        try (Statement statement = superuser.createStatement();
                ResultSet row = statement.executeQuery(GuardSchema.INSTALLED)) {
            while (row.next()) {
                String name = row.getString("table_schema") + "." + row.getString("table_name");
                if (!tables.known().contains(name)) {
                    return "table " + name + " of shard " + shard
                            + " was added, and this operator has not heard of it yet; ask again";
                }
                if (row.getBoolean("intact")) {
                    intact.add(name + " " + row.getString("checksum"));
                }
            }
        }
        Guard guard = Guard.of(tables.map(), shard);
        for (PlacedTable placed : tables.tables()) {
            GuardedTable table = placed.guarded();
            String name = placed.table().qualifiedName();
            if (!intact.contains(name + " " + guard.checksum(table)) && HeldRows.exists(superuser, placed.table())) {
                return "table " + name + " of shard " + shard + " is not guarded yet";
            }
        }
        return "";
    }
}
