package io.pgmosaic.router.http;

import io.pgmosaic.protocol.topology.MachineIdGrant;
import io.pgmosaic.protocol.topology.MachineIdRequest;
import io.pgmosaic.router.harness.FakeOperator;
import io.pgmosaic.router.harness.RunningRouter;
import io.pgmosaic.router.harness.RunningRouter.Reply;
import io.pgmosaic.router.harness.TestAuthority;
import io.pgmosaic.router.harness.Topologies;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class IdsTest {
    private static final long LEASE = 600_000;

    @TempDir
    Path folder;

    private FakeOperator operator;
    private RunningRouter router;

    @BeforeEach
    void start() {
        TestAuthority authority = new TestAuthority();
        operator = new FakeOperator(
                authority.serverContext("pgmosaic-operator-topology"),
                RunningRouter.TOKEN,
                Topologies.NAMESPACE,
                Topologies.CLUSTER);
        RunningRouter.secret(folder, authority.caPem(), RunningRouter.TOKEN);
        router = RunningRouter.start(folder, operator.url());
    }

    @AfterEach
    void stop() {
        router.close();
        operator.close();
    }

    private static MachineIdGrant grant(int machineId, long leaseMillis, Instant notBefore) {
        return new MachineIdGrant(
                machineId, leaseMillis, notBefore, Instant.now().plus(Duration.ofHours(1)));
    }

    private Reply snowflakes(int count) {
        return router.get("/v1/ids?kind=snowflake&count=" + count);
    }

    private Reply awaited() {
        await().until(() -> snowflakes(1).status() == 200);
        return snowflakes(10_000);
    }

    private static List<String> ids(Reply reply) {
        assertThat(reply.status()).isEqualTo(200);
        return reply.body().get("ids").valueStream().map(id -> id.asText()).toList();
    }

    @Test
    void snowflakesAreTextsWithTheNumberThatTheOperatorGranted() {
        operator.grant(grant(1_000, LEASE, Instant.EPOCH));
        Instant before = Instant.now();
        Reply first = snowflakes(1);
        assertThat(first.status()).as("asked for before the number is there").isIn(503, 200);
        List<String> ids = ids(awaited());
        assertThat(ids).hasSize(10_000).doesNotHaveDuplicates();
        long last = 0;
        for (String text : ids) {
            long id = Long.parseLong(text);
            assertThat(id).isGreaterThan(last);
            assertThat(id >> 12 & 1_023).isEqualTo(1_000);
            assertThat(Instant.ofEpochMilli((id >> 22) + 1577836800000L))
                    .isBetween(before.minusMillis(1), Instant.now().plusSeconds(1));
            last = id;
        }
        assertThat(ids(snowflakes(1))).allMatch(id -> Long.parseLong(id) > Long.parseLong(ids.getLast()));
        assertThat(router.text("/metrics"))
                .contains("pgmosaic_router_machine_id 1000.0")
                .contains("pgmosaic_router_ids_total{kind=\"snowflake\"} 100");
        assertThat(operator.numberRequests()).hasSize(1);
    }

    @Test
    void nobodyAsksForANumberUntilASnowflakeIsWanted() {
        assertThat(ids(router.get("/v1/ids?kind=ulid"))).singleElement().satisfies(id -> assertThat(id)
                .hasSize(26));
        assertThat(ids(router.get("/v1/ids?kind=uuidv7&count=10000")))
                .hasSize(10_000)
                .isSorted();
        assertThat(operator.numberRequests()).isEmpty();
        assertThat(router.text("/metrics")).contains("pgmosaic_router_machine_id NaN");
    }

    @Test
    void withoutANumberThereAreTheOtherKindsAndTheReason() {
        snowflakes(1);
        await().until(() -> snowflakes(1).body().path("detail").asText().contains("503: all are taken"));
        Reply refused = snowflakes(1);
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.headers().get("retry-after")).containsExactly("1");
        assertThat(refused.body().get("type").asText()).isEqualTo("urn:pgmosaic:problem:no-snowflakes");
        assertThat(refused.body().get("reason").asText()).isEqualTo("no-machine-number");
        assertThat(ids(router.get("/v1/ids?kind=ulid"))).hasSize(1);
        assertThat(router.text("/metrics"))
                .contains("pgmosaic_router_snowflake_refusals_total{reason=\"no-machine-number\"}");
        operator.grant(grant(3, LEASE, Instant.EPOCH));
        awaited();
        assertThat(operator.numberRequests().stream()
                        .map(MachineIdRequest::holder)
                        .distinct())
                .hasSize(1);
    }

    @Test
    void aLeaseIsRenewedInTimeAndOverWhenItIsNot() {
        operator.grant(grant(3, 3_000, Instant.EPOCH));
        awaited();
        await().until(() -> operator.numberRequests().size() >= 3);
        assertThat(operator.numberRequests().getLast().machineId()).isEqualTo(3);
        assertThat(snowflakes(1).status()).isEqualTo(200);
        operator.grant(null);
        await().until(() -> snowflakes(1).status() == 503);
        assertThat(ids(router.get("/v1/ids?kind=uuidv7"))).hasSize(1);
    }

    @Test
    void aNumberWhoseFormerHolderWasAheadOfThisClockIsNotUsed() {
        operator.grant(grant(3, LEASE, Instant.now().plusSeconds(60)));
        snowflakes(1);
        await().until(() -> snowflakes(1).body().path("reason").asText().equals("clock-behind"));
        assertThat(snowflakes(1).body().get("detail").asText()).containsPattern("clock is \\d{5} ms behind");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
                    -                             | name the kind: kind= one of snowflake, ulid, uuidv7
                    count=5                       | name the kind
                    kind=                         | kind is one of snowflake, ulid, uuidv7, not ''
                    kind=uuid                     | kind is one of snowflake, ulid, uuidv7, not 'uuid'
                    kind=ULID                     | kind is one of snowflake, ulid, uuidv7, not 'ULID'
                    kind=ulid&kind=ulid           | kind is given twice
                    kind=ulid&count=0             | count is a number from 1 to 10000, not '0'
                    kind=ulid&count=-1            | count is a number from 1 to 10000, not '-1'
                    kind=ulid&count=10001         | count is a number from 1 to 10000, not '10001'
                    kind=ulid&count=99999999999   | count is a number from 1 to 10000
                    kind=ulid&count=ten           | count is a number from 1 to 10000, not 'ten'
                    kind=ulid&count=              | count is a number from 1 to 10000, not ''
                    kind=ulid&count=1&count=1     | count is given twice
                    kind=ulid&many=1              | there is no parameter 'many'; known are kind, count
                    """)
    void refusesAnInvalidRequest(String query, String detail) {
        Reply reply = router.get("/v1/ids" + (query == null ? "" : "?" + query));
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body().get("type").asText()).isEqualTo("urn:pgmosaic:problem:invalid-request");
        assertThat(reply.body().get("detail").asText()).contains(detail);
        assertThat(operator.numberRequests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "DELETE"})
    void canOnlyBeRead(String method) {
        assertThat(router.method(method, "/v1/ids?kind=ulid", "").status()).isEqualTo(405);
    }
}
