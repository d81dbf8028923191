package io.pgmosaic.local.cluster;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.readiness.Readiness;
import io.pgmosaic.api.v1alpha1.cluster.ShardState;
import io.pgmosaic.local.platform.ProcessFamily;
import io.pgmosaic.local.pods.Volumes;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Two operators, one of which leads: what the other one does, and what it finishes when the leader is lost. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class OperatorReplicasTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration CLOSELY = Duration.ofMillis(5);

    private static final String LEADS = "pgmosaic_operator_leads ";
    private static final String SHARDS = "pgmosaic_shards{cluster=\"led\"";

    private final Map<String, String> addresses = new HashMap<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private final LocalCluster local = LocalCluster.start(
            Distribution.locate(), "replicas-" + ProcessHandle.current().pid(), Volumes.folders(), 2);
    private final Operators operators = local.operators();
    private final TestCluster cluster = TestCluster.create(local, "led", "shards: {count: 1}", "instancesPerShard: 3");

    @BeforeAll
    void awaitCluster() {
        cluster.awaitReady();
        for (String operator : operators.names()) {
            addresses.put(
                    operator,
                    local.client()
                            .pods()
                            .inNamespace(ProductPods.OPERATOR_NAMESPACE)
                            .withName(operator)
                            .get()
                            .getStatus()
                            .getPodIP());
        }
    }

    /** Everything is there, and follows. */
    @BeforeEach
    void awaitEverybody() {
        await().atMost(LIMIT).until(operators::areReady);
        await().atMost(LIMIT).until(this::isWhole);
    }

    @AfterAll
    void end() {
        http.close();
        local.close();
        local.deleteFolder();
    }

    @Test
    void whoFollowsDecidesNothingAndALeaderThatWasPausedFollows() throws Exception {
        String leader = operators.leader().orElseThrow();
        String follower = other(leader);
        assertThat(metrics(leader)).contains(LEADS + "1.0", SHARDS);
        assertThat(metrics(follower)).contains(LEADS + "0.0").doesNotContain(SHARDS);
        List<String> told = events().map(OperatorReplicasTest::name).toList();
        long term = cluster.shard().term();
        kill(cluster.shard().primary());
        awaitFailover(term);
        assertThat(reporters(told)).containsOnly(leader);
        await().atMost(LIMIT).until(this::isWhole);

        ProcessFamily paused = operators.process(leader);
        paused.suspend(true);
        try {
            await().atMost(LIMIT)
                    .until(() -> operators.leader().filter(follower::equals).isPresent());
            told = events().map(OperatorReplicasTest::name).toList();
            kill(cluster.shard().primary());
            awaitFailover(term + 1);
        } finally {
            paused.suspend(false);
        }
        ShardState after = cluster.shard();
        await().atMost(LIMIT)
                .untilAsserted(() ->
                        assertThat(metrics(leader)).contains(LEADS + "0.0").doesNotContain(SHARDS));
        awaitEverybody();
        assertThat(paused.isAlive()).isTrue();
        assertThat(cluster.shard().term()).isEqualTo(after.term());
        assertThat(cluster.shard().primary()).isEqualTo(after.primary());
        assertThat(reporters(told)).containsOnly(follower);
        assertThat(operators.leader()).hasValue(follower);
    }

    @Test
    void anApiThatWasAwayFindsItsLeaderAtOnceAndTheShardAsItWas() throws Exception {
        List<ProcessFamily> processes =
                operators.names().stream().map(operators::process).toList();
        ShardState before = cluster.shard();
        local.suspendApi(true);
        try {
            await().atMost(LIMIT).until(() -> {
                for (String operator : operators.names()) {
                    if (metricsAt(addresses.get(operator)).contains(LEADS + "1.0")) {
                        return false;
                    }
                }
                return true;
            });
        } finally {
            local.suspendApi(false);
        }
        long back = System.nanoTime();
        await().atMost(LIMIT).pollInterval(CLOSELY).until(() -> {
            String leader = operators.leader().orElseThrow();
            return metricsAt(addresses.get(leader)).contains(LEADS + "1.0");
        });
        System.out.printf("an operator leads %.1f s after the API is back%n", (System.nanoTime() - back) / 1e9);
        assertThat(processes).allMatch(ProcessFamily::isAlive);
        assertThat(cluster.shard().term()).isEqualTo(before.term());
        long term = before.term();
        kill(before.primary());
        awaitFailover(term);
    }

    /** Where the leader is killed. */
    enum Moment {
        /** Its primary is gone, which it may not know yet. */
        PRIMARY_LOST,
        /** The new term is recorded; some have promised it. */
        TERM_TAKEN,
        /** The new primary is recorded, and not promoted. */
        PRIMARY_DECIDED,
        /** It is promoted, and lets nobody in. */
        PRIMARY_PROMOTED
    }

    @ParameterizedTest
    @EnumSource
    void theNextLeaderFinishesWhatTheLastOneBegan(Moment moment) throws Exception {
        String leader = operators.leader().orElseThrow();
        ShardState before = cluster.shard();
        String old = Objects.requireNonNull(before.primary());
        List<Connection> standbys = new ArrayList<>();
        try (AcknowledgedWrites writes = AcknowledgedWrites.begin(cluster)) {
            for (String standby : cluster.pods()) {
                if (!standby.equals(old)) {
                    standbys.add(cluster.superuser(standby));
                }
            }
            int enough = writes.count() + 20;
            await().atMost(LIMIT).until(() -> writes.count() >= enough);
            kill(old);
            awaitClosely(() -> isAt(moment, before, standbys));
            Pod lost = crash(leader);
            long killedAt = System.nanoTime();
            ShardState left = cluster.shard();

            await().atMost(LIMIT)
                    .pollInterval(CLOSELY)
                    .until(() ->
                            operators.leader().filter(other(leader)::equals).isPresent());
            double seconds = (System.nanoTime() - killedAt) / 1e9;
            local.client().resource(lost).create();
            awaitFailover(before.term());
            System.out.printf(
                    "leader killed at %s, which left term %d, primary %s, election %s; the other leads after %.1f s%n",
                    moment, left.term(), left.primary(), left.election() != null, seconds);
            int again = writes.count();
            await().atMost(LIMIT).until(() -> writes.count() > again);
            assertThat(cluster.shard().primary()).isNotEqualTo(old);
            assertThat(writes.missing()).isEmpty();
        } finally {
            for (Connection standby : standbys) {
                standby.close();
            }
        }
        awaitEverybody();
        assertThat(primaries()).containsExactly(cluster.shard().primary());
    }

    private boolean isAt(Moment moment, ShardState before, List<Connection> standbys) throws SQLException {
        ShardState now = cluster.shard();
        return switch (moment) {
            case PRIMARY_LOST -> true;
            case TERM_TAKEN -> now.term() > before.term();
            case PRIMARY_DECIDED -> !Objects.equals(now.primary(), before.primary());
            case PRIMARY_PROMOTED -> {
                for (Connection standby : standbys) {
                    if (TestCluster.one(standby, "SELECT pg_is_in_recovery()").equals("f")) {
                        yield true;
                    }
                }
                yield false;
            }
        };
    }

    // ---- the operators -----------------------------------------------------------------------------------------

    private String other(String operator) {
        return operators.names().stream()
                .filter(name -> !name.equals(operator))
                .findFirst()
                .orElseThrow();
    }

    /** Kills a replica, and does not let it be started again; returns the pod to create when it may. */
    private Pod crash(String operator) {
        Pod pod = local.client()
                .pods()
                .inNamespace(ProductPods.OPERATOR_NAMESPACE)
                .withName(operator)
                .get();
        operators.process(operator).kill();
        local.client().resource(pod).withGracePeriod(0).delete();
        await().atMost(LIMIT).until(() -> local.client().resource(pod).get() == null);
        return new PodBuilder(pod)
                .editMetadata()
                .withUid(null)
                .withResourceVersion(null)
                .withCreationTimestamp(null)
                .endMetadata()
                .withStatus(null)
                .build();
    }

    private String metrics(String operator) throws IOException, InterruptedException {
        return metricsAt(addresses.get(operator));
    }

    private String metricsAt(@Nullable String address) throws IOException, InterruptedException {
        URI uri = URI.create("http://" + address + ":8080/q/metrics");
        return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    /** The operators that have told of something since. */
    private Set<String> reporters(List<String> told) {
        return events().filter(event -> !told.contains(name(event)))
                .map(event -> String.valueOf(event.getReportingInstance()))
                .collect(Collectors.toSet());
    }

    private Stream<Event> events() {
        return local.client().v1().events().inNamespace(TestCluster.NAMESPACE).list().getItems().stream()
                .filter(event -> "pgmosaic-operator".equals(event.getReportingComponent()));
    }

    private static String name(Event event) {
        return event.getMetadata().getName();
    }

    // ---- the cluster -------------------------------------------------------------------------------------------

    private void kill(@Nullable String instance) {
        local.pods()
                .process(TestCluster.NAMESPACE, Objects.requireNonNull(instance), "postgres")
                .kill();
    }

    private void awaitFailover(long term) {
        cluster.awaitThat(found -> {
            ShardState shard = found.getStatus().shards().getFirst();
            return shard.term() > term && shard.election() == null && "Ready".equals(shard.phase());
        });
    }

    private boolean isWhole() {
        ShardState shard = cluster.shard();
        return "Ready".equals(shard.phase())
                && shard.instances().stream().allMatch(instance -> instance.ready())
                && cluster.pods().stream()
                        .allMatch(name -> Readiness.isPodReady(local.client()
                                .pods()
                                .inNamespace(TestCluster.NAMESPACE)
                                .withName(name)
                                .get()));
    }

    /** The instances whose PostgreSQL is a primary. */
    private List<String> primaries() throws SQLException {
        List<String> found = new ArrayList<>();
        for (String instance : cluster.pods()) {
            try (Connection superuser = cluster.superuser(instance)) {
                if (TestCluster.one(superuser, "SELECT pg_is_in_recovery()").equals("f")) {
                    found.add(instance);
                }
            }
        }
        return found;
    }

    private static void awaitClosely(Callable<Boolean> condition) {
        await().atMost(LIMIT).pollDelay(Duration.ZERO).pollInterval(CLOSELY).until(condition);
    }
}
