package io.pgmosaic.operator.migration.backfill;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/** How busy a server is: how many other sessions are running a statement at this moment, or wait in one. */
final class ServerLoad {
    private ServerLoad() {}

    /** Why the server should not have more to do now; empty when nothing stands against it. */
    static Optional<String> trouble(Connection session, int mostActive) throws SQLException {
        try (Statement statement = session.createStatement();
                ResultSet row = statement.executeQuery("SELECT mosaic.active_sessions()")) {
            row.next();
            int active = row.getInt(1);
            return active <= mostActive
                    ? Optional.empty()
                    : Optional.of(active + " sessions are running statements, and maxActiveSessions is " + mostActive);
        }
    }
}
