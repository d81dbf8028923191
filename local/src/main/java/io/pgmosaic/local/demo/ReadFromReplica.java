package io.pgmosaic.local.demo;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;

/** Asks for a server to read from and reads there. */
final class ReadFromReplica {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final long CUSTOMER = 42;

    private final RouterClient router;
    private final ApplicationAccess access;

    ReadFromReplica(RouterClient router, ApplicationAccess access) {
        this.router = router;
        this.access = access;
    }

    String run() throws StepFailed, InterruptedException {
        RouterClient.Target target =
                Eventually.get("offered a replica for reading", LIMIT, () -> "the router names the primary", () -> {
                    try {
                        return Optional.of(router.route(Orders.TABLE, CUSTOMER, "read"))
                                .filter(server -> server.role().equals("replica"));
                    } catch (StepFailed e) {
                        return Optional.empty();
                    }
                });
        try (Connection connection = access.connect(target)) {
            long orders = Eventually.get(
                    "visible on " + target.instance(),
                    LIMIT,
                    () -> "customer " + CUSTOMER + " has fewer orders there",
                    () -> count(connection));
            if (!isReplica(connection)) {
                throw new StepFailed(target.instance() + " is offered as a replica and is none");
            }
            return orders + " orders of customer " + CUSTOMER + " read from replica " + target.instance();
        } catch (SQLException e) {
            throw new StepFailed("cannot read from " + target.instance() + ": " + e.getMessage(), e);
        }
    }

    private static Optional<Long> count(Connection connection) {
        try {
            return Optional.of(Orders.count(connection, CUSTOMER))
                    .filter(count -> count == WriteOrders.ORDERS_OF_A_CUSTOMER);
        } catch (SQLException e) {
            return Optional.empty();
        }
    }

    private static boolean isReplica(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_is_in_recovery()")) {
            row.next();
            return row.getBoolean(1);
        }
    }
}
