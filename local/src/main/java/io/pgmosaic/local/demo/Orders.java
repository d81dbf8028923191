package io.pgmosaic.local.demo;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** The table of the demonstration, {@code orders}, sharded by {@code customer_id}. */
final class Orders {
    static final String TABLE = "orders";

    private static final String INSERT =
            "INSERT INTO orders (customer_id, order_id, country, amount) VALUES (?, ?, ?, ?)";

    private Orders() {}

    /** One row; its key says where it belongs. */
    record Order(long customer, long number, String country, BigDecimal amount) {
        UUID id() {
            return new UUID(customer, number);
        }
    }

    /** Inserts the rows, each in a transaction of its own. */
    static void insert(Connection connection, Collection<Order> orders) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            for (Order order : orders) {
                insert.setLong(1, order.customer());
                insert.setObject(2, order.id());
                insert.setString(3, order.country());
                insert.setBigDecimal(4, order.amount());
                insert.executeUpdate();
            }
        }
    }

    /** The ids of all orders here, by customer. */
    static Map<Long, Set<UUID>> all(Connection connection) throws SQLException {
        Map<Long, Set<UUID>> found = new HashMap<>();
        try (Statement select = connection.createStatement();
                ResultSet rows = select.executeQuery("SELECT customer_id, order_id FROM orders")) {
            while (rows.next()) {
                found.computeIfAbsent(rows.getLong(1), customer -> new HashSet<>())
                        .add(rows.getObject(2, UUID.class));
            }
        }
        return found;
    }

    /** How many orders a customer has here. */
    static long count(Connection connection, long customer) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT count(*) FROM orders WHERE customer_id = ?")) {
            select.setLong(1, customer);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }
}
