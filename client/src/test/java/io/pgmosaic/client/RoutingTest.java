package io.pgmosaic.client;

import io.pgmosaic.client.topology.UnknownTableException;
import io.pgmosaic.routing.key.InvalidKeyException;
import org.junit.jupiter.api.Test;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Where keys lead, and what is refused before anything is sent. */
class RoutingTest extends ClientHarness {
    @Test
    void writesEveryKeyWhereItsGuardTakesItWithoutAskingForIt() throws SQLException {
        SplittableRandom random = new SplittableRandom(7);
        Set<String> used = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            long customer = random.nextLong();
            AtomicInteger runs = new AtomicInteger();
            used.add(client.inTransaction(Orders.key(customer), connection -> {
                runs.incrementAndGet();
                Orders.insert(connection, customer, "n");
                return Orders.database(connection);
            }));
            assertThat(runs).as("runs for key %d", customer).hasValue(1);
            assertThat(shards.notes(client.shardOf(Orders.key(customer)), customer))
                    .containsExactly("n");
        }
        assertThat(used).containsExactlyInAnyOrder(shards.database("s0"), shards.database("s1"));
        assertThat(shards.router().requests("/v1/route")).isEmpty();
    }

    @Test
    void refusesWhatIsNoKey() {
        assertThatThrownBy(() -> client.shardOf(TableKey.of("orders", (Object) null)))
                .isInstanceOf(InvalidKeyException.class)
                .hasMessageContaining("customer_id is missing");
        assertThatThrownBy(() -> client.shardOf(new TableKey("orders", List.of())))
                .isInstanceOf(InvalidKeyException.class)
                .hasMessageContaining("1 column (customer_id), but 0");
        assertThatThrownBy(() -> client.shardOf(TableKey.of("orders", 1, 2))).isInstanceOf(InvalidKeyException.class);
        assertThatThrownBy(() -> client.shardOf(TableKey.of("orders", "x")))
                .isInstanceOf(InvalidKeyException.class)
                .hasMessageContaining("not a whole number");
        assertThatThrownBy(() -> TableKey.of("orders", 1.5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("java.lang.Double");
    }

    @Test
    void refusesTablesThatAreNotThereAndWritesOfReferenceTables() {
        assertThatThrownBy(() -> client.shardOf(TableKey.of("invoices", 1)))
                .isInstanceOf(UnknownTableException.class)
                .hasMessageContaining("invoices")
                .hasMessageContaining("public.orders");
        assertThatThrownBy(() -> client.inTransaction(TableKey.of("countries"), Orders::database))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("onAllShards");
    }

    @Test
    void findsATableThatIsAddedLater() throws SQLException {
        client.shardOf(Orders.key(1));
        Map<String, Object> map = new HashMap<>(shards.map());
        map.put("referenceTables", List.of("public.countries", "public.later"));
        shards.router().says("/v1/map", map);
        assertThat(client.<String>read(TableKey.of("later"), ReadGuarantee.strong(), Orders::database))
                .isEqualTo(shards.database("s0"));
    }

    @Test
    void readsReferenceTablesWithoutAKey() throws SQLException {
        assertThat(client.<String>read(TableKey.of("countries"), ReadGuarantee.strong(), Orders::database))
                .isEqualTo(shards.database("s0"));
    }

    @Test
    void goesOnWithWhatItKnowsWhenTheRouterIsAway() throws SQLException {
        client.shardOf(Orders.key(1));
        shards.router().close();
        client.inTransaction(Orders.key(1), connection -> {
            Orders.insert(connection, 1, "n");
            return 0;
        });
        assertThat(shards.notes(client.shardOf(Orders.key(1)), 1)).containsExactly("n");
    }

    @Test
    void saysThatTheRouterIsAwayWhenItKnowsNothing() {
        shards.router().close();
        try (MosaicClient late =
                MosaicClient.create(shards.settings().withRetryFor(Duration.ofMillis(100)), shards::source)) {
            assertThatThrownBy(() -> late.shardOf(Orders.key(1)))
                    .isInstanceOf(SQLTransientConnectionException.class)
                    .hasMessageContaining("the router at");
        }
    }

    @Test
    void asksTheRouterForKeysOfATableWithADirectory() throws SQLException {
        asksTheRouter("directory", true);
    }

    @Test
    void asksTheRouterForKeysOfRulesThatItDoesNotKnow() throws SQLException {
        asksTheRouter("dice", "six");
    }

    private void asksTheRouter(String member, Object value) throws SQLException {
        shards.tellMapWith(member, value);
        shards.router()
                .says(
                        "/v1/route",
                        Map.of("results", List.of(Map.of("shard", "s1")), "shards", List.of(Map.of("shard", "s1"))));
        assertThat(client.shardOf(Orders.key(1))).isEqualTo("s1");
        assertThat(shards.router().requests("/v1/route").getFirst().body().toString())
                .contains("\"keys\":[[\"1\"]]", "\"table\":\"orders\"");
        shards.router()
                .says(
                        "/v1/route",
                        Map.of(
                                "results",
                                List.of(Map.of("problem", Map.of("status", 400, "detail", "no such key"))),
                                "shards",
                                List.of()));
        assertThatThrownBy(() -> client.shardOf(Orders.key(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no such key");
    }

    @Test
    void givesConnectionsToThoseWhoDoTheirOwnTransactions() throws SQLException {
        try (Connection connection = client.connection(Orders.key(42))) {
            assertThat(connection.getAutoCommit()).isTrue();
            assertThat(Orders.database(connection)).isEqualTo(shards.database(client.shardOf(Orders.key(42))));
        }
    }
}
