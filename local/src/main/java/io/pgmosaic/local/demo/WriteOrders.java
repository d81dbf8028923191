package io.pgmosaic.local.demo;

import io.pgmosaic.local.demo.Orders.Order;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Several clients write at the same time. Each asks the router where a customer lives, and keeps a connection a shard. */
final class WriteOrders {
    static final int ROWS = 10_000;
    static final int CLIENTS = 8;
    static final int ORDERS_OF_A_CUSTOMER = 4;

    private static final List<String> COUNTRIES = List.of("DE", "FR", "JP");

    private final RouterClient router;
    private final ApplicationAccess access;

    WriteOrders(RouterClient router, ApplicationAccess access) {
        this.router = router;
        this.access = access;
    }

    /** Writes the rows and returns how many went to each shard. */
    Map<String, Integer> run() throws StepFailed, InterruptedException {
        try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
            List<Callable<Map<String, Integer>>> work = new ArrayList<>();
            for (int client = 0; client < CLIENTS; client++) {
                int number = client;
                work.add(() -> write(number));
            }
            Map<String, Integer> rows = new HashMap<>();
            for (Future<Map<String, Integer>> done : clients.invokeAll(work)) {
                done.get().forEach((shard, count) -> rows.merge(shard, count, Integer::sum));
            }
            return rows;
        } catch (ExecutionException e) {
            throw new StepFailed("a client could not write: " + e.getCause(), e);
        }
    }

    private Map<String, Integer> write(int client) throws StepFailed, InterruptedException, SQLException {
        Map<String, Integer> rows = new HashMap<>();
        Map<String, Connection> connections = new HashMap<>();
        try {
            for (long customer = client; customer < ROWS / ORDERS_OF_A_CUSTOMER; customer += CLIENTS) {
                RouterClient.Target target = router.route(Orders.TABLE, customer, "write");
                Connection connection = connections.get(target.instance());
                if (connection == null) {
                    connection = access.connect(target);
                    connections.put(target.instance(), connection);
                }
                Orders.insert(connection, ordersOf(customer));
                rows.merge(target.shard(), ORDERS_OF_A_CUSTOMER, Integer::sum);
            }
        } finally {
            for (Connection connection : connections.values()) {
                connection.close();
            }
        }
        return rows;
    }

    static List<Order> ordersOf(long customer) {
        List<Order> orders = new ArrayList<>();
        for (long number = 0; number < ORDERS_OF_A_CUSTOMER; number++) {
            String country = COUNTRIES.get((int) ((customer + number) % COUNTRIES.size()));
            orders.add(new Order(customer, number, country, BigDecimal.valueOf(customer * 100 + number, 2)));
        }
        return orders;
    }
}
