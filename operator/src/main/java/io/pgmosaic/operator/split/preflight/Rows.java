package io.pgmosaic.operator.split.preflight;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Short questions. */
final class Rows {
    private Rows() {}

    interface Reader<T> {
        T of(ResultSet row) throws SQLException;
    }

    static <T> List<T> all(Connection connection, String query, Reader<T> reader, Object... parameters)
            throws SQLException {
        List<T> found = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    found.add(reader.of(row));
                }
            }
        }
        return found;
    }

    static List<String> texts(Connection connection, String query, Object... parameters) throws SQLException {
        return all(connection, query, row -> row.getString(1), parameters);
    }
}
