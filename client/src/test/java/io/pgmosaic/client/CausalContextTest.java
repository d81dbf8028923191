package io.pgmosaic.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgmosaic.client.topology.Position;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** What a context remembers, and the tokens that come of it and go into it. */
class CausalContextTest extends ClientHarness {
    @BeforeEach
    void signTokens() {
        // A token that can be read: what it was made of, in order.
        shards.router()
                .on(
                        "/v1/positions",
                        request -> token(request.token() + "+"
                                + request.body().path("shard").asText()));
        shards.router().on("/v1/tokens/merge", request -> {
            List<String> parts = new ArrayList<>();
            request.body().path("tokens").forEach(part -> parts.add(part.asText()));
            return parts.contains("forged")
                    ? new FakeRouter.Answer(
                            400, Map.of("type", "urn:pgmosaic:problem:token-forged", "detail", "forged"))
                    : token("(" + String.join(",", parts) + ")");
        });
    }

    private static FakeRouter.Answer token(String token) {
        return new FakeRouter.Answer(200, Map.of("token", token));
    }

    private void write(CausalContext context, long customer) throws SQLException {
        client.inTransaction(Orders.key(customer), context, connection -> {
            Orders.insert(connection, customer, "n");
            return 0;
        });
    }

    @Test
    void reportsWhatWasWrittenOnceAndOnlyWhenATokenIsWanted() throws SQLException {
        CausalContext context = new CausalContext();
        write(context, 1);
        assertThat(shards.router().requests("/v1/positions")).isEmpty();
        String shard = client.shardOf(Orders.key(1));
        assertThat(client.token(context)).isEqualTo("+" + shard);
        JsonNode report = shards.router().requests("/v1/positions").getFirst().body();
        assertThat(report.path("term").asLong()).isEqualTo(1);
        assertThat(report.path("kind").asText()).isEqualTo("write");
        assertThat(report.path("lsn").asText()).matches("[0-9A-F]+/[0-9A-F]+");
        assertThat(client.token(context)).isEqualTo("+" + shard);
        assertThat(shards.router().requests("/v1/positions")).hasSize(1);
        write(context, 1_000_003);
        assertThat(client.token(context)).startsWith("+" + shard + "+");
    }

    @Test
    void nothingSeenIsAnEmptyToken() throws SQLException {
        assertThat(client.token(new CausalContext())).isEqualTo("()");
    }

    @Test
    void tokensOfOthersAreMergedWithWhatWasWrittenHere() throws SQLException {
        CausalContext context = CausalContext.of("a");
        context.add("b");
        CausalContext other = new CausalContext();
        write(other, 1);
        context.add(other);
        assertThat(client.token(context)).isEqualTo("(a,b)+" + client.shardOf(Orders.key(1)));
    }

    @Test
    void aForgedTokenIsRefusedWithTheReason() {
        CausalContext context = CausalContext.of("forged");
        context.add("b");
        assertThatThrownBy(() -> client.token(context))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("forged");
    }

    @Test
    void readsWithTheTokenOfAnotherServiceAskTheRouter() throws SQLException {
        String shard = client.shardOf(Orders.key(1));
        Map<String, Object> server = new HashMap<>(GuardedShards.server(shard));
        server.put("role", "primary");
        shards.router()
                .says(
                        "/v1/route",
                        Map.of(
                                "results",
                                List.of(Map.of("shard", shard)),
                                "shards",
                                List.of(Map.of("shard", shard, "term", 1, "mapVersion", 1, "server", server))));
        assertThat(client.<String>read(
                        Orders.key(1), ReadGuarantee.causal(CausalContext.of("theirs")), Orders::database))
                .isEqualTo(shards.database(shard));
        FakeRouter.Request lookup = shards.router().requests("/v1/route").getFirst();
        assertThat(lookup.token()).isEqualTo("theirs");
        assertThat(lookup.body().path("consistency").asText()).isEqualTo("causal");
        assertThat(lookup.body().path("intent").asText()).isEqualTo("read");
    }

    @Test
    void aRouterThatIsBehindDecidesOnNoRead() throws SQLException {
        shards.guard(2, GuardedShards.NAMES);
        shards.tell();
        String shard = client.shardOf(Orders.key(1));
        AtomicInteger lookups = new AtomicInteger();
        Map<String, Object> server = new HashMap<>(GuardedShards.server(shard));
        server.put("role", "primary");
        shards.router().on("/v1/route", request -> {
            int version = lookups.incrementAndGet() == 1 ? 1 : 2;
            return new FakeRouter.Answer(
                    200,
                    Map.of(
                            "results",
                            List.of(Map.of("shard", shard)),
                            "shards",
                            List.of(Map.of("shard", shard, "term", 1, "mapVersion", version, "server", server))));
        });
        client.<String>read(Orders.key(1), ReadGuarantee.bounded(Duration.ofSeconds(9)), Orders::database);
        assertThat(lookups).hasValue(2);
    }

    @Test
    void aPrimaryOfAnEarlierTermIsNotReadInstead() throws SQLException {
        String shard = client.shardOf(Orders.key(1));
        CausalContext written = new CausalContext();
        written.reached(shard, new Position(2, 1));
        CausalContext inDoubt = new CausalContext();
        inDoubt.wroteSomewhere(shard, 2);
        try (MosaicClient hasty = hasty()) {
            for (CausalContext context : List.of(written, inDoubt)) {
                assertThatThrownBy(() -> hasty.<String>read(
                                Orders.key(1), ReadGuarantee.readYourWrites(context), Orders::database))
                        .hasMessageContaining("still in term 1");
                assertThatThrownBy(() -> hasty.<String>inTransaction(Orders.key(1), context, Orders::database))
                        .hasMessageContaining("still in term 1");
            }
            assertThatThrownBy(() -> hasty.token(inDoubt)).hasMessageContaining("still in term 1");
        }
        shards.term(2);
        shards.tell();
        client.<String>read(Orders.key(1), ReadGuarantee.readYourWrites(inDoubt), Orders::database);
        assertThat(inDoubt.isInDoubt(shard)).isFalse();
    }

    @Test
    void aReadThatMayWaitDoesNotGoToThePrimary() throws SQLException {
        CausalContext context = new CausalContext();
        write(context, 1);
        String shard = client.shardOf(Orders.key(1));
        try (MosaicClient hasty = hasty()) {
            for (ReadGuarantee guarantee :
                    List.of(ReadGuarantee.eventual(), ReadGuarantee.readYourWrites(context), inDoubt(shard))) {
                assertThatThrownBy(() -> hasty.<String>read(
                                Orders.key(1), guarantee.whenNoReplica(WhenNoReplica.WAIT), Orders::database))
                        .isInstanceOf(SQLTransientConnectionException.class)
                        .hasMessageContaining("no replica of shard " + shard);
                hasty.<String>read(Orders.key(1), guarantee, Orders::database);
            }
        }
        // One that has replayed everything, as far as anybody can tell: the router says so only after a while.
        int asked = shards.router().requests("/v1/shards").size();
        Thread catchesUp = Thread.ofVirtual().start(() -> {
            await().until(() -> shards.router().requests("/v1/shards").size() > asked + 1);
            shards.tellWithReplica(shard, 1, "FFFFFFFF/0");
        });
        assertThat(client.<String>read(
                        Orders.key(1),
                        ReadGuarantee.readYourWrites(context).whenNoReplica(WhenNoReplica.WAIT),
                        Orders::database))
                .isEqualTo(shards.database(shard));
        assertThat(catchesUp.isAlive()).isFalse();
    }

    private static ReadGuarantee inDoubt(String shard) {
        CausalContext context = new CausalContext();
        context.wroteSomewhere(shard, 1);
        return ReadGuarantee.causal(context);
    }

    @Test
    void theRouterIsAskedToWaitToo() {
        shards.router()
                .on(
                        "/v1/route",
                        request -> new FakeRouter.Answer(
                                200,
                                Map.of(
                                        "results",
                                        List.of(Map.of(
                                                "shard",
                                                "s0",
                                                "problem",
                                                Map.of("status", 503, "detail", "no server has the guarantee"))))));
        ReadGuarantee bounded = ReadGuarantee.bounded(Duration.ofSeconds(9)).whenNoReplica(WhenNoReplica.WAIT);
        try (MosaicClient hasty = hasty()) {
            assertThatThrownBy(() -> hasty.<String>read(Orders.key(1), bounded, Orders::database))
                    .isInstanceOf(SQLTransientConnectionException.class)
                    .hasMessageContaining("no server has the guarantee");
        }
        assertThat(shards.router()
                        .requests("/v1/route")
                        .getFirst()
                        .body()
                        .path("otherwise")
                        .asText())
                .isEqualTo("wait");
        assertThatThrownBy(() -> ReadGuarantee.strong().whenNoReplica(WhenNoReplica.WAIT))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aWriteOfUnknownOutcomeIsFoundOutBeforeItGoesIntoAToken() throws SQLException {
        CausalContext context = new CausalContext();
        context.wroteSomewhere("s0", 1);
        assertThat(context.isInDoubt("s0")).isTrue();
        assertThat(client.token(context)).isEqualTo("+s0");
        assertThat(context.isInDoubt("s0")).isFalse();
    }

    @Test
    void aPrimaryAskedBeforeAWriteSaysNothingOfIt() {
        CausalContext context = new CausalContext();
        long before = context.doubtsSoFar();
        context.wroteSomewhere("s0", 3);
        context.primaryWasAt("s0", new Position(3, 100), before);
        assertThat(context.isInDoubt("s0")).isTrue();
        context.primaryWasAt("s0", new Position(2, 100), context.doubtsSoFar());
        assertThat(context.isInDoubt("s0")).as("of a former term").isTrue();
        context.primaryWasAt("s0", new Position(4, 90), context.doubtsSoFar());
        assertThat(context.isInDoubt("s0")).isFalse();
        assertThat(context.position("s0")).isEqualTo(new Position(4, 100));
    }
}
