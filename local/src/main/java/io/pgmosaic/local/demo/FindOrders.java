package io.pgmosaic.local.demo;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** Looks at every shard and compares what is there with what the router says belongs there. */
final class FindOrders {
    private final RouterClient router;
    private final ApplicationAccess access;

    FindOrders(RouterClient router, ApplicationAccess access) {
        this.router = router;
        this.access = access;
    }

    /** Fails unless every order is on the shard that the router names for its customer, and on no other. */
    String run() throws StepFailed, InterruptedException {
        List<Long> customers = LongStream.range(0, WriteOrders.ROWS / WriteOrders.ORDERS_OF_A_CUSTOMER)
                .boxed()
                .toList();
        List<String> named = router.shards(Orders.TABLE, customers);
        Map<String, Map<Long, Set<UUID>>> found = readEveryShard();
        int rows = 0;
        for (int i = 0; i < customers.size(); i++) {
            long customer = customers.get(i);
            for (Map.Entry<String, Map<Long, Set<UUID>>> shard : found.entrySet()) {
                Set<UUID> there = shard.getValue().getOrDefault(customer, Set.of());
                Set<UUID> expected = shard.getKey().equals(named.get(i)) ? idsOf(customer) : Set.of();
                if (!there.equals(expected)) {
                    throw new StepFailed("customer " + customer + " belongs to shard " + named.get(i) + "; on shard "
                            + shard.getKey() + " there must be orders " + expected + " and there are " + there);
                }
                rows += there.size();
            }
        }
        if (rows != WriteOrders.ROWS) {
            throw new StepFailed("there must be " + WriteOrders.ROWS + " orders and there are " + rows);
        }
        List<String> shares = new ArrayList<>();
        found.forEach((shard, orders) -> shares.add(
                shard + " has " + orders.values().stream().mapToInt(Set::size).sum()));
        return rows + " rows, each on the shard that the router names and on no other: " + String.join(", ", shares);
    }

    private static Set<UUID> idsOf(long customer) {
        return WriteOrders.ordersOf(customer).stream().map(Orders.Order::id).collect(Collectors.toSet());
    }

    private Map<String, Map<Long, Set<UUID>>> readEveryShard() throws StepFailed, InterruptedException {
        Map<String, Map<Long, Set<UUID>>> found = new HashMap<>();
        for (RouterClient.Target primary : router.primaries()) {
            try (Connection connection = access.connect(primary)) {
                found.put(primary.shard(), Orders.all(connection));
            } catch (SQLException e) {
                throw new StepFailed("cannot read shard " + primary.shard() + ": " + e.getMessage(), e);
            }
        }
        return found;
    }
}
