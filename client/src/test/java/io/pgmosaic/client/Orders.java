package io.pgmosaic.client;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** What tests do with the table orders. */
final class Orders {
    private Orders() {}

    static TableKey key(long customer) {
        return TableKey.of("orders", customer);
    }

    static void insert(Connection connection, long customer, String note) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("INSERT INTO orders VALUES (?, ?)")) {
            statement.setLong(1, customer);
            statement.setString(2, note);
            statement.executeUpdate();
        }
    }

    static String database(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT current_database()")) {
            row.next();
            return row.getString(1);
        }
    }

    static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
