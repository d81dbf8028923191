package io.pgmosaic.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgmosaic.client.load.ShardOverloadedException;
import io.pgmosaic.client.scatter.MissingShards;
import io.pgmosaic.client.scatter.ScatterRequest;
import io.pgmosaic.client.scatter.ScatterResult;
import org.junit.jupiter.api.Test;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** What the router is told of statements, and what is refused by what it answers. */
class OutcomesTest extends ClientHarness {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Entries of all reports so far. */
    private List<JsonNode> told() {
        List<JsonNode> told = new ArrayList<>();
        shards.router()
                .requests("/v1/outcomes")
                .forEach(report -> report.body().path("outcomes").forEach(told::add));
        return told;
    }

    private static long count(List<JsonNode> told, String intent, String outcome, int priority) {
        return told.stream()
                .filter(entry -> entry.path("intent").asText().equals(intent)
                        && entry.path("outcome").asText().equals(outcome)
                        && entry.path("priority").asInt() == priority)
                .mapToLong(entry -> entry.path("count").asLong())
                .sum();
    }

    private void refuse(String shard, List<Double> byPriority) {
        shards.router().says("/v1/outcomes", Map.of("refused", Map.of(shard, byPriority)));
    }

    private void insert(MosaicClient by, long customer) throws SQLException {
        by.inTransaction(Orders.key(customer), connection -> {
            Orders.insert(connection, customer, "n");
            return 0;
        });
    }

    @Test
    void statementsOfTransactionsAndReadsAreTold() throws SQLException {
        insert(client, 1);
        client.withPriority(9).<String>read(Orders.key(1), ReadGuarantee.strong(), Orders::database);
        client.onAllShards(ScatterRequest.within(PATIENCE), (shard, connection) -> Orders.database(connection));
        // A statement and a commit; a read; one on each shard.
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(count(told(), "write", "ok", 5)).isEqualTo(2);
            assertThat(count(told(), "read", "ok", 9)).isEqualTo(1);
            assertThat(count(told(), "read", "ok", 5)).isEqualTo(2);
        });
        JsonNode report = shards.router().requests("/v1/outcomes").getFirst().body();
        assertThat(report.path("routedBy").asText()).isEqualTo("client");
        assertThat(report.path("scatters").path(0).path("shards").asInt()).isEqualTo(2);
        assertThat(told()).allSatisfy(entry -> {
            assertThat(entry.path("server").asText())
                    .isEqualTo("shop-" + entry.path("shard").asText() + "-0");
            assertThat(entry.path("durationMillis").asDouble()).isBetween(0.01, 20_000.0);
        });
    }

    @Test
    void whatTheWorkDoesBetweenItsStatementsIsNotTheServers() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch waited = new CountDownLatch(1);
        AtomicLong whole = new AtomicLong();
        AtomicLong thought = new AtomicLong();
        Thread work = Thread.ofVirtual().start(() -> {
            long began = System.nanoTime();
            try {
                client.inTransaction(Orders.key(1), connection -> {
                    Orders.insert(connection, 1, "n");
                    long from = System.nanoTime();
                    begun.countDown();
                    try {
                        waited.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    thought.set(System.nanoTime() - from);
                    return 0;
                });
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
            whole.set(System.nanoTime() - began);
        });
        begun.await();
        // A report passes meanwhile.
        await().atMost(PATIENCE).until(() -> count(told(), "write", "ok", 5) == 1);
        waited.countDown();
        work.join();
        await().atMost(PATIENCE).until(() -> count(told(), "write", "ok", 5) == 2);
        double millis = told().stream()
                .mapToDouble(entry -> entry.path("durationMillis").asDouble())
                .sum();
        assertThat(millis).isPositive().isLessThanOrEqualTo((whole.get() - thought.get()) / 1e6);
    }

    @Test
    void howStatementsEndIsTold() {
        String dies = "SELECT pg_terminate_backend(pg_backend_pid())";
        String slow = "SET LOCAL statement_timeout = 1; SELECT pg_sleep(10)";
        for (String sql : List.of("SELECT 1 / 0", slow)) {
            assertThatThrownBy(() -> client.inTransaction(Orders.key(1), connection -> {
                        Orders.run(connection, sql);
                        return 0;
                    }))
                    .isInstanceOf(SQLException.class);
        }
        try (MosaicClient hasty = hasty()) {
            assertThatThrownBy(() -> hasty.inTransaction(Orders.key(1), connection -> {
                        Orders.run(connection, dies);
                        return 0;
                    }))
                    .isInstanceOf(SQLException.class);
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(count(told(), "write", "ok", 5)).as("complaints").isEqualTo(1);
                assertThat(count(told(), "write", "timeout", 5)).isEqualTo(1);
                assertThat(count(told(), "write", "error", 5)).isPositive();
            });
        }
    }

    @Test
    void theShareThatTheRouterNamesIsRefusedByPriorityAndTold() throws SQLException {
        String shard = client.shardOf(Orders.key(1));
        refuse(shard, List.of(1.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0));
        List<ShardOverloadedException> refused = new CopyOnWriteArrayList<>();
        await().atMost(PATIENCE).until(() -> {
            try {
                client.<String>read(Orders.key(1), ReadGuarantee.strong(), Orders::database);
            } catch (ShardOverloadedException e) {
                refused.add(e);
            }
            return !refused.isEmpty();
        });
        assertThat(refused.getFirst().getMessage()).contains("shard " + shard + " has too much to do");
        assertThat(refused.getFirst().getSQLState()).isEqualTo("53000");
        assertThat(refused.getFirst().retryAfter()).isPositive();
        AtomicInteger runs = new AtomicInteger();
        assertThatThrownBy(() -> client.inTransaction(Orders.key(1), connection -> runs.incrementAndGet()))
                .isInstanceOf(ShardOverloadedException.class);
        assertThat(runs).hasValue(0);
        ScatterResult<Integer> all = client.onAllShards(
                ScatterRequest.within(PATIENCE).ifMissing(MissingShards.PARTIAL), (name, connection) -> 1);
        assertThat(all.missing()).containsOnlyKeys(shard);
        insert(client.withPriority(6), 1);
        insert(client, customerOf(shard.equals("s0") ? "s1" : "s0"));
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(count(told(), "write", "refused", 5)).isEqualTo(1);
            assertThat(count(told(), "read", "refused", 5)).isEqualTo(2);
            assertThat(count(told(), "write", "ok", 6)).isEqualTo(2);
        });
    }

    @Test
    void nothingIsRefusedByWhatARouterSaidThatIsSilentSince() throws SQLException {
        String shard = client.shardOf(Orders.key(1));
        refuse(shard, Collections.nCopies(10, 1.0));
        await().atMost(PATIENCE).until(() -> isRefused());
        shards.router().close();
        await().atMost(PATIENCE).until(() -> !isRefused());
    }

    private boolean isRefused() throws SQLException {
        try {
            insertAny();
            return false;
        } catch (ShardOverloadedException e) {
            return true;
        }
    }

    private void insertAny() throws SQLException {
        client.inTransaction(Orders.key(1), Orders::database);
    }

    @Test
    void aRouterThatHangsHoldsNobodyUp() throws Exception {
        client.shardOf(Orders.key(1));
        CountDownLatch hangs = new CountDownLatch(1);
        CountDownLatch ends = new CountDownLatch(1);
        shards.router().on("/v1/outcomes", report -> {
            hangs.countDown();
            try {
                ends.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return new FakeRouter.Answer(200, Map.of());
        });
        try {
            insert(client, 1);
            hangs.await();
            insert(client, 2);
            assertThat(ends.getCount()).isEqualTo(1);
        } finally {
            ends.countDown();
        }
    }

    @Test
    void aLookupThatTheRouterRefusesIsRefusedInTheSameWay() {
        shards.tellMapWith("directory", true);
        shards.router()
                .on(
                        "/v1/route",
                        lookup -> new FakeRouter.Answer(
                                503,
                                Map.of(
                                        "type",
                                        "urn:pgmosaic:problem:shard-overloaded",
                                        "detail",
                                        "shard s1 has too much to do"),
                                Map.of("Retry-After", "2")));
        assertThatThrownBy(() -> client.withPriority(3).inTransaction(Orders.key(1), Orders::database))
                .isInstanceOfSatisfying(ShardOverloadedException.class, e -> assertThat(e.retryAfter())
                        .isEqualTo(Duration.ofSeconds(2)));
        assertThat(shards.router().requests("/v1/route")).hasSize(1);
        assertThat(shards.router()
                        .requests("/v1/route")
                        .getFirst()
                        .body()
                        .path("priority")
                        .asInt())
                .isEqualTo(3);
    }

    @Test
    void connectionsThatAreGivenAwayAreNeitherCountedNorRefused() throws SQLException {
        String shard = client.shardOf(Orders.key(1));
        refuse(shard, Collections.nCopies(10, 1.0));
        await().atMost(PATIENCE).until(this::isRefused);
        try (Connection connection = client.connection(Orders.key(1))) {
            assertThat(Orders.database(connection)).isEqualTo(shards.database(shard));
        }
    }

    @Test
    void aPriorityIsOneOfTen() {
        assertThatThrownBy(() -> client.withPriority(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> client.withPriority(11)).isInstanceOf(IllegalArgumentException.class);
    }
}
