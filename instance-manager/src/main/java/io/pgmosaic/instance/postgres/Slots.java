package io.pgmosaic.instance.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** The physical replication slots that belong to the product. */
public final class Slots {
    private static final String PREFIX = "mosaic_";

    private Slots() {}

    /**
     * Makes those that are missing and drops the product's others, except one that somebody streams from: it is dropped at
     * a later configuration, when nobody does.
     */
    public static void reconcile(Connection connection, Collection<String> wanted) throws SQLException {
        Map<String, Boolean> existing = existing(connection);
        for (String name : new TreeSet<>(wanted)) {
            if (!existing.containsKey(name)) {
                call(connection, "SELECT pg_create_physical_replication_slot(?)", name);
            }
        }
        for (Map.Entry<String, Boolean> slot : existing.entrySet()) {
            boolean active = slot.getValue();
            if (slot.getKey().startsWith(PREFIX) && !wanted.contains(slot.getKey()) && !active) {
                call(connection, "SELECT pg_drop_replication_slot(?)", slot.getKey());
            }
        }
    }

    private static Map<String, Boolean> existing(Connection connection) throws SQLException {
        Map<String, Boolean> active = new TreeMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT slot_name, active FROM pg_replication_slots WHERE slot_type = 'physical'")) {
            while (row.next()) {
                active.put(row.getString(1), row.getBoolean(2));
            }
        }
        return active;
    }

    private static void call(Connection connection, String sql, String name) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, name);
            statement.execute();
        }
    }
}
