package io.pgmosaic.instance.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;

/** Asks the server whether it runs with what was written. */
public final class LoadedConfiguration {
    private LoadedConfiguration() {}

    /** True once every setting has the given value in this session, hence in the server before it. */
    public static boolean shows(Connection connection, Map<String, String> settings) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT current_setting(?, true)")) {
            for (Map.Entry<String, String> setting : settings.entrySet()) {
                statement.setString(1, setting.getKey());
                try (ResultSet row = statement.executeQuery()) {
                    if (!row.next() || !setting.getValue().equals(row.getString(1))) {
                        return false;
                    }
                }
            }
        }
        return true;
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
