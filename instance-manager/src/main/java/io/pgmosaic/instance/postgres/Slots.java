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

/** The replication slots that belong to the product. */
public final class Slots {
    private static final String PREFIX = "mosaic_";

    private Slots() {}

    /**
     * Of a standby that was a primary: what logical slots it has from then are of another term, whose changes somebody else keeps
     * by now or nobody. Here they hold the log, and after another failover they would be taken for the new primary's own.
     */
    private static final String DROP_INHERITED =
            "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots AS s"
                    + " WHERE pg_is_in_recovery() AND slot_type = 'logical' AND slot_name ^@ ? AND NOT active"
                    + " AND (to_jsonb(s) ->> 'synced') IS DISTINCT FROM 'true'";

    /** Drops the product's logical slots of a standby, but for those that it keeps in step with its primary's. */
    public static void dropInherited(Connection connection) throws SQLException {
        call(connection, DROP_INHERITED, PREFIX);
    }

    /**
     * Makes the physical ones that are missing and drops the product's others, except one that somebody streams from: it is dropped at
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
