package io.pgmosaic.client;

import io.pgmosaic.client.connection.DatabaseServer;
import io.pgmosaic.client.scatter.MissingShards;
import io.pgmosaic.client.scatter.ScatterException;
import io.pgmosaic.client.scatter.ScatterRequest;
import io.pgmosaic.client.scatter.ScatterResult;
import org.junit.jupiter.api.Test;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** Work on all shards: all answer, some do not, one hangs. */
class ScatterTest extends ClientHarness {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(700);

    @Test
    void everyShardAnswersForItself() throws SQLException {
        ScatterResult<String> result = client.onAllShards(
                ScatterRequest.within(LONG).forTables("orders"), (shard, connection) -> Orders.database(connection));
        assertThat(result.isComplete()).isTrue();
        assertThat(result.results())
                .containsEntry("s0", shards.database("s0"))
                .containsEntry("s1", shards.database("s1"))
                .hasSize(2);
    }

    @Test
    void asManyAtOnceAsIsAllowed() throws SQLException {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        client.onAllShards(ScatterRequest.within(LONG).atOnce(1), (shard, connection) -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            Orders.run(connection, "SELECT pg_sleep(0.1)");
            return now.decrementAndGet();
        });
        assertThat(most).hasValue(1);
    }

    @Test
    void aShardThatHangsIsCancelledAndSaidToBeMissing() throws SQLException {
        long began = System.nanoTime();
        ScatterResult<Integer> result = client.onAllShards(
                ScatterRequest.within(SHORT).ifMissing(MissingShards.PARTIAL), (shard, connection) -> {
                    if (shard.equals("s1")) {
                        Orders.run(connection, "SELECT pg_sleep(60) /* hangs */");
                    }
                    return 1;
                });
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(LONG);
        assertThat(result.results()).containsOnlyKeys("s0");
        assertThat(result.missing().get("s1")).hasMessageContaining("no answer within 700 ms");
        await().untilAsserted(() -> assertThat(hanging()).isZero());
    }

    @Test
    void theFirstShardThatFailsEndsTheQueryOnTheOthers() {
        assertThatThrownBy(() -> client.onAllShards(ScatterRequest.within(LONG), (shard, connection) -> {
                    Orders.run(connection, shard.equals("s0") ? "SELECT 1 / 0" : "SELECT pg_sleep(60) /* hangs */");
                    return 1;
                }))
                .isInstanceOfSatisfying(
                        ScatterException.class, e -> assertThat(e.missing()).containsExactly("s0"))
                .hasMessageContaining("division by zero");
        await().untilAsserted(() -> assertThat(hanging()).isZero());
    }

    private int hanging() throws SQLException {
        try (Connection connection = shards.source(new DatabaseServer("s1", "any", "127.0.0.1", 0, "app"))
                        .getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT count(*) FROM pg_stat_activity WHERE state = 'active'"
                                + " AND datname = current_database() AND pid <> pg_backend_pid() AND query LIKE '%pg_sleep(60)%'")) {
            row.next();
            return row.getInt(1);
        }
    }

    @Test
    void aShardWithoutAPrimaryIsMissingOrWaitedFor() throws Exception {
        client.refresh();
        shards.tell(List.of("s0"));
        client.refresh();
        ScatterResult<Integer> partial =
                client.onAllShards(ScatterRequest.within(LONG).ifMissing(MissingShards.PARTIAL), (shard, c) -> 1);
        assertThat(partial.results()).containsOnlyKeys("s0");
        assertThat(partial.missing().get("s1")).hasMessageContaining("a failover");
        assertThatThrownBy(() ->
                        client.onAllShards(ScatterRequest.within(SHORT).ifMissing(MissingShards.WAIT), (shard, c) -> 1))
                .isInstanceOf(ScatterException.class)
                .hasMessageContaining("s1");
        int asked = shards.router().requests("/v1/shards").size();
        Thread failover = Thread.ofVirtual().start(() -> {
            await().until(() -> shards.router().requests("/v1/shards").size() > asked + 1);
            shards.tell();
        });
        assertThat(client.onAllShards(ScatterRequest.within(LONG).ifMissing(MissingShards.WAIT), (shard, c) -> 1)
                        .results())
                .containsOnlyKeys("s0", "s1");
        assertThat(failover.join(Duration.ofSeconds(20))).isTrue();
    }

    @Test
    void aConnectionThatDiesIsReplacedOnce() throws SQLException {
        AtomicInteger runs = new AtomicInteger();
        assertThat(client.onAllShards(ScatterRequest.within(LONG), (shard, connection) -> {
                            if (shard.equals("s0") && runs.incrementAndGet() == 1) {
                                Orders.run(connection, "SELECT pg_terminate_backend(pg_backend_pid())");
                            }
                            return 1;
                        })
                        .isComplete())
                .isTrue();
        assertThat(runs).hasValue(2);
    }
}
