package io.pgmosaic.instance.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/** Asks the server whether it runs with what was written. */
public final class LoadedConfiguration {
    private LoadedConfiguration() {}

    /** True once this very configuration has been read by the server and has reached this session. */
    public static boolean is(Connection connection, Marker marker, String synchronousStandbyNames) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT current_setting('mosaic.configuration', true) = ?"
                        + " AND current_setting('synchronous_standby_names') = ?")) {
            statement.setString(1, marker.toString());
            statement.setString(2, synchronousStandbyNames);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    /**
     * What the server could not take from its files. Parameters that wait for a restart are no complaint, although the view
     * lists them with the same words.
     */
    public static Optional<String> complaint(Connection connection) throws SQLException {
        String sql = """
                SELECT string_agg(concat_ws(': ', f.name, f.error), '; ' ORDER BY f.seqno)
                  FROM pg_file_settings f LEFT JOIN pg_settings s ON s.name = lower(f.name)
                 WHERE f.error IS NOT NULL AND s.pending_restart IS NOT TRUE
                """;
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? Optional.ofNullable(row.getString(1)) : Optional.empty();
        }
    }
}
