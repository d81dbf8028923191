package io.pgmosaic.router.topology;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgmosaic.protocol.topology.TopologyEvent;
import io.pgmosaic.router.harness.FakeOperator;
import io.pgmosaic.router.harness.RunningRouter;
import io.pgmosaic.router.harness.TestAuthority;
import io.pgmosaic.router.harness.Topologies;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

import static io.pgmosaic.router.harness.Topologies.headless;
import static io.pgmosaic.router.harness.Topologies.healthy;
import static io.pgmosaic.router.harness.Topologies.map;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** How a router comes back to an operator, or goes to another one. Key 42 of orders lives on s1. */
class TopologyResumeTest {
    private static final String LOOKUP = "/v1/route?table=orders&key=42";

    @TempDir
    Path folder;

    private final TestAuthority authority = new TestAuthority();
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    @BeforeEach
    void writeSecret() {
        RunningRouter.secret(folder, authority.caPem(), RunningRouter.TOKEN);
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable resource : open) {
            resource.close();
        }
    }

    @Test
    void goesOnWhereTheLastStreamEnded() {
        FakeOperator operator = operator();
        operator.publish(Topologies.healthy());
        RunningRouter router = router(operator);
        awaitTerm(router, 1);
        operator.send(new TopologyEvent.Snapshot(Topologies.of(map(1), healthy("s0", 1), healthy("s1", 2)), "e1.7"));
        operator.send(new TopologyEvent.ShardChanged(healthy("s1", 3), "e1.8"));
        awaitTerm(router, 3);
        operator.resume(
                "e1.8", new TopologyEvent.ShardChanged(healthy("s1", 4), "e1.11"), new TopologyEvent.Resumed("e1.12"));
        operator.hangUp();
        awaitTerm(router, 4);
        await().until(() -> router.get("/readyz").body().at("/connected").asBoolean());
        awaitHeard(operator, router);
        assertThat(router.text("/metrics")).contains("pgmosaic_router_topology_states_total{kind=\"resumed\"} 1.0");
        operator.hangUp();
        await().until(() -> operator.positions().size() == 3);
        assertThat(operator.positions()).containsExactly("", "e1.8", "e1.12");
    }

    /** What the position would skip was never used. */
    @Test
    void asksForEverythingAfterALineThatCouldNotBeUsed() {
        FakeOperator operator = operator();
        operator.publish(Topologies.healthy());
        RunningRouter router = router(operator);
        awaitTerm(router, 1);
        operator.send(new TopologyEvent.Snapshot(Topologies.of(map(1), healthy("s0", 1), healthy("s1", 2)), "e1.7"));
        operator.sendRaw("{\"type\":\"shard\",\"position\":\"e1.8\"}\n");
        operator.send(new TopologyEvent.ShardChanged(healthy("s1", 3), "e1.9"));
        awaitTerm(router, 3);
        operator.hangUp();
        await().until(() -> operator.positions().size() == 2);
        operator.send(new TopologyEvent.Snapshot(Topologies.of(map(1), healthy("s0", 1), healthy("s1", 4)), "e1 /x"));
        awaitTerm(router, 4);
        operator.hangUp();
        await().until(() -> operator.positions().size() == 3);
        assertThat(operator.positions())
                .as("nor one that is no part of an address")
                .containsOnly("");
    }

    /** Else it would stay out of step for as long as that operator lives. */
    @Test
    void beginsAnewWhenAnOperatorGoesOnFromWhatWasNotUsed() {
        FakeOperator operator = operator();
        operator.publish(Topologies.of(map(1), healthy("s0", 1), healthy("s1", 2)));
        RunningRouter router = router(operator);
        awaitTerm(router, 2);
        operator.send(new TopologyEvent.Snapshot(
                Topologies.of(map(1), healthy("s0", 1), headless("s1", 2, "its primary failed")), "e1.7"));
        await().until(() -> router.get(LOOKUP).status() == 503);
        operator.resumeRaw("e1.7", """
                {"type":"shard","position":"e1.8"}
                {"type":"resumed","position":"e1.9"}
                """);
        operator.hangUp();
        await().until(() -> {
            operator.send(new TopologyEvent.Heartbeat(Instant.EPOCH));
            return router.get(LOOKUP).status() == 200;
        });
        assertThat(operator.positions()).containsExactly("", "e1.7", "");
        awaitHeard(operator, router);
    }

    @Test
    void isInStepOnlyOnceAllThatChangedHasBeenSent() {
        FakeOperator operator = operator();
        operator.publish(Topologies.healthy());
        RunningRouter router = router(operator);
        awaitTerm(router, 1);
        operator.send(new TopologyEvent.Snapshot(Topologies.of(map(1), healthy("s0", 1), healthy("s1", 2)), "e1.7"));
        awaitTerm(router, 2);
        operator.resume("e1.7", new TopologyEvent.Heartbeat(Instant.EPOCH));
        operator.hangUp();
        await().until(() -> operator.positions().size() == 2);
        await().until(() -> router.get("/readyz").body().at("/connected").asBoolean());
        await().until(() -> {
            operator.send(new TopologyEvent.Heartbeat(Instant.EPOCH));
            return age(router) > 1_500;
        });
        operator.send(new TopologyEvent.Resumed("e1.7"));
        await().until(() -> age(router) < 1_500);
    }

    @Test
    void leavesAnOperatorThatStopsWhenItIsTimeAndNotBefore() {
        FakeOperator first = operator();
        FakeOperator second = operator();
        first.publish(Topologies.healthy());
        second.publish(Topologies.healthy());
        RunningRouter router = router(first, second);
        awaitTerm(router, 1);
        FakeOperator stopping = first.openStreams() == 1 ? first : second;
        FakeOperator other = stopping == first ? second : first;
        long asked = System.nanoTime();
        stopping.send(new TopologyEvent.Leave(1_000));
        stopping.send(new TopologyEvent.ShardChanged(healthy("s1", 2)));
        awaitTerm(router, 2);
        await().until(() -> other.openStreams() == 1);
        assertThat(System.nanoTime() - asked)
                .isGreaterThan(Duration.ofMillis(900).toNanos());
        other.send(new TopologyEvent.ShardChanged(healthy("s1", 3)));
        awaitTerm(router, 3);
    }

    @Test
    void leavesAnOperatorAloneThatAsksForIt() {
        FakeOperator operator = operator();
        operator.sendAway(2);
        long started = System.nanoTime();
        RunningRouter router = router(operator);
        await().until(() -> operator.refused() == 1);
        operator.sendAway(0);
        operator.publish(Topologies.healthy());
        awaitTerm(router, 1);
        assertThat(System.nanoTime() - started)
                .isGreaterThan(Duration.ofSeconds(2).toNanos());
        assertThat(router.log()).contains("status 503; it says: " + FakeOperator.REFUSAL);
    }

    private static long age(RunningRouter router) {
        return router.get("/readyz").body().at("/ageMillis").asLong();
    }

    private static void awaitHeard(FakeOperator operator, RunningRouter router) {
        await().until(() -> {
            operator.send(new TopologyEvent.Heartbeat(Instant.EPOCH));
            return age(router) < 1_000;
        });
    }

    private FakeOperator operator() {
        FakeOperator operator = new FakeOperator(
                authority.serverContext("pgmosaic-operator-topology"),
                RunningRouter.TOKEN,
                Topologies.NAMESPACE,
                Topologies.CLUSTER);
        open.push(operator);
        return operator;
    }

    private RunningRouter router(FakeOperator... operators) {
        URI[] urls = Arrays.stream(operators).map(FakeOperator::url).toArray(URI[]::new);
        RunningRouter router = RunningRouter.start(folder, urls);
        open.push(router);
        return router;
    }

    private static void awaitTerm(RunningRouter router, long term) {
        await().until(() -> {
            JsonNode answer = router.get(LOOKUP).body();
            return answer.at("/term").asLong() == term;
        });
    }
}
