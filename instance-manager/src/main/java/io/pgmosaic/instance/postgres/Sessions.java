package io.pgmosaic.instance.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** The sessions of everybody but the product's own roles. */
public final class Sessions {
    private static final String APPLICATIONS = """
            SELECT pid FROM pg_stat_activity
             WHERE backend_type IN ('client backend', 'walsender') AND usename <> ALL (?)
            """;

    private Sessions() {}

    /**
     * Tells the sessions of applications to end. By the signal that {@code pg_terminate_backend} sends, as the owner of the
     * processes: no grant allows a role to end superusers' sessions too.
     *
     * @return how many there were
     */
    public static int endApplications(Connection connection) throws SQLException {
        int found = 0;
        try (PreparedStatement statement = connection.prepareStatement(APPLICATIONS)) {
            statement.setArray(
                    1,
                    connection.createArrayOf(
                            "text",
                            List.of(Roles.SUPERUSER, Roles.MANAGER, Roles.REPLICATION, Roles.SETUP, Roles.MONITOR)
                                    .toArray()));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    found++;
                    ProcessHandle.of(row.getLong(1)).ifPresent(ProcessHandle::destroy);
                }
            }
        }
        return found;
    }
}
