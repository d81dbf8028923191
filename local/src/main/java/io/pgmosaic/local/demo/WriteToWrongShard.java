package io.pgmosaic.local.demo;

import io.pgmosaic.local.demo.Orders.Order;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Writes a row to a shard that does not own its key, as a client with an old map would. The shard itself refuses. */
final class WriteToWrongShard {
    private static final String REFUSED = "MO001";
    private static final long CUSTOMER = 42;

    private final RouterClient router;
    private final ApplicationAccess access;

    WriteToWrongShard(RouterClient router, ApplicationAccess access) {
        this.router = router;
        this.access = access;
    }

    String run() throws StepFailed, InterruptedException {
        String owner = router.route(Orders.TABLE, CUSTOMER, "write").shard();
        RouterClient.Target other = router.primaries().stream()
                .filter(primary -> !primary.shard().equals(owner))
                .findFirst()
                .orElseThrow(() -> new StepFailed("there is no other shard than " + owner));
        try (Connection connection = access.connect(other)) {
            Orders.insert(connection, List.of(new Order(CUSTOMER, 1_000_000, "DE", BigDecimal.ONE)));
        } catch (SQLException e) {
            if (REFUSED.equals(e.getSQLState())) {
                return "shard " + other.shard() + " refuses a row of " + owner + ": SQLSTATE " + REFUSED + ", "
                        + firstLine(e);
            }
            throw new StepFailed(
                    "shard " + other.shard() + " must refuse with " + REFUSED + " and says " + e.getSQLState() + ": "
                            + e.getMessage(),
                    e);
        }
        throw new StepFailed("shard " + other.shard() + " accepted a row that belongs to shard " + owner);
    }

    private static String firstLine(SQLException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
}
