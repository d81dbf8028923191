package io.pgmosaic.client;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

/** Keys of a table with a directory: a former shard shows nothing, so what the router remembers of them is not good for all. */
class DirectoryKeysTest extends ClientHarness {
    @BeforeEach
    void useADirectory() {
        shards.tellMapWith("directory", true);
        shards.router().on("/v1/route", request -> {
            String shard = request.body().path("refresh").asBoolean() ? "s1" : "s0";
            Map<String, Object> server = new HashMap<>(GuardedShards.server(shard));
            server.put("role", "primary");
            return new FakeRouter.Answer(
                    200,
                    Map.of(
                            "results",
                            List.of(Map.of("shard", shard)),
                            "shards",
                            List.of(Map.of("shard", shard, "term", 1, "mapVersion", 1, "server", server))));
        });
    }

    private String shardOf(ReadGuarantee guarantee) throws SQLException {
        return client.<String>read(Orders.key(1), guarantee, Orders::database);
    }

    private JsonNode onlyLookup() {
        assertThat(shards.router().requests("/v1/route")).hasSize(1);
        return shards.router().requests("/v1/route").getFirst().body();
    }

    @Test
    void aStrongReadGoesWhereTheKeyIsNow() throws SQLException {
        assertThat(shardOf(ReadGuarantee.strong())).isEqualTo(shards.database("s1"));
        assertThat(onlyLookup().path("intent").asText()).isEqualTo("read");
    }

    @Test
    void readsThatGoByAContextDoSoToo() throws SQLException {
        CausalContext context = new CausalContext();
        assertThat(shardOf(ReadGuarantee.readYourWrites(context))).isEqualTo(shards.database("s1"));
        assertThat(shardOf(ReadGuarantee.monotonic(context))).isEqualTo(shards.database("s1"));
        assertThat(shardOf(ReadGuarantee.causal(context))).isEqualTo(shards.database("s1"));
    }

    @Test
    void aBoundedReadLeavesItToTheRouterAlone() throws SQLException {
        shardOf(ReadGuarantee.bounded(Duration.ofSeconds(9)));
        assertThat(onlyLookup().path("consistency").asText()).isEqualTo("bounded");
    }

    @Test
    void anEventualReadGoesByWhatTheRouterRemembers() throws SQLException {
        assertThat(shardOf(ReadGuarantee.eventual())).isEqualTo(shards.database("s0"));
        assertThat(onlyLookup().has("refresh")).isFalse();
    }

    @Test
    void aTransactionGoesWhereTheKeyIsNow() throws SQLException {
        assertThat(client.<String>inTransaction(Orders.key(1), Orders::database))
                .isEqualTo(shards.database("s1"));
        assertThat(onlyLookup().path("intent").asText()).isEqualTo("write");
    }

    @Test
    void aConnectionLeadsWhereTheKeyIsNow() throws SQLException {
        try (Connection connection = client.connection(Orders.key(1))) {
            assertThat(Orders.database(connection)).isEqualTo(shards.database("s1"));
        }
        try (Connection connection = client.connection(Orders.key(1), ReadGuarantee.strong())) {
            assertThat(Orders.database(connection)).isEqualTo(shards.database("s1"));
        }
    }
}
