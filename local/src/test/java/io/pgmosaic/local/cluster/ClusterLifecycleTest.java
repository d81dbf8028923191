package io.pgmosaic.local.cluster;

import io.fabric8.kubernetes.api.model.Condition;
import io.pgmosaic.api.v1alpha1.cluster.ShardState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** Scaling, refusals, failures with their causes, lost operators, kept volumes: on real PostgreSQL. */
final class ClusterLifecycleTest {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final String ONE_SHARD = "shards: {count: 1}";
    private static final String TWO_SHARDS = "shards: {count: 2}";
    private static final String ALONE = "instancesPerShard: 1, replication: {mode: Async}";
    private static final String TWO_INSTANCES = "instancesPerShard: 2";

    @RegisterExtension
    static final OneLocalCluster ONE = new OneLocalCluster("lifecycle");

    private final LocalCluster local = ONE.local();

    @Test
    void scalesTheInstancesOfAShardUpAndDown() {
        TestCluster cluster = TestCluster.create(local, "scaled", ONE_SHARD, TWO_INSTANCES);
        cluster.awaitReady();
        assertThat(synchronous(cluster)).containsExactly("scaled-s0-1");

        cluster.apply(ONE_SHARD, "instancesPerShard: 3");
        cluster.awaitThat(found -> synchronous(cluster).equals(List.of("scaled-s0-1", "scaled-s0-2")));
        cluster.awaitReady();
        assertThat(cluster.pods()).containsExactly("scaled-s0-0", "scaled-s0-1", "scaled-s0-2");

        cluster.apply(ONE_SHARD, TWO_INSTANCES);
        await().atMost(LIMIT).untilAsserted(() -> {
            assertThat(cluster.pods()).containsExactly("scaled-s0-0", "scaled-s0-1");
            assertThat(synchronous(cluster)).containsExactly("scaled-s0-1");
            try (Connection superuser = cluster.superuser()) {
                assertThat(TestCluster.one(superuser, "SELECT string_agg(slot_name, ',') FROM pg_replication_slots"))
                        .isEqualTo("mosaic_1");
                assertThat(TestCluster.one(superuser, "SHOW synchronous_standby_names"))
                        .isEqualTo("ANY 1 (\"scaled-s0-1\")");
            }
        });
        cluster.awaitReady();
        assertThat(cluster.claims()).contains("data-scaled-s0-2");
    }

    private static List<String> synchronous(TestCluster cluster) {
        return Objects.requireNonNull(cluster.shard().configuration()).synchronousStandbys();
    }

    @Test
    void refusesWhatCannotBeChangedAndLeavesWhatRuns() {
        TestCluster cluster = TestCluster.create(local, "fixed", ONE_SHARD, ALONE);
        cluster.awaitReady();
        cluster.apply(TWO_SHARDS, ALONE, "database: other");
        Condition refused = cluster.awaitCondition("SpecAccepted", "False", "InvalidSpec");
        assertThat(refused.getMessage()).contains("ShardSplit", "spec.database", "What runs stays as it was");
        cluster.awaitCondition("Stalled", "True", "InvalidSpec");
        cluster.awaitCondition("Available", "True", "AllShardsTakeWrites");
        assertThat(cluster.pods()).containsExactly("fixed-s0-0");

        cluster.apply(ONE_SHARD, ALONE);
        cluster.awaitReady();
        cluster.awaitCondition("SpecAccepted", "True", "Valid");
    }

    @Test
    void namesBadInitialSqlAndGoesOnWhenItIsCorrected() throws SQLException {
        TestCluster cluster = TestCluster.create(
                local,
                "sql",
                ONE_SHARD,
                ALONE,
                "initSql: {sql: 'CREATE TABLE a (id bigint); CREATE TABLE a (id bigint)'}");
        Condition stalled = cluster.awaitCondition("Stalled", "True", "InitSqlFailed");
        assertThat(stalled.getMessage()).contains("shard s0", "relation \"a\" already exists");
        assertThatThrownBy(cluster::application)
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("no pg_hba.conf entry");

        cluster.apply(ONE_SHARD, ALONE, "initSql: {sql: 'CREATE TABLE a (id bigint)'}");
        cluster.awaitReady();
        try (Connection application = cluster.application()) {
            assertThat(TestCluster.one(application, "SELECT count(*) FROM a")).isEqualTo("0");
            assertThat(TestCluster.one(application, "SELECT tableowner FROM pg_tables WHERE tablename = 'a'"))
                    .isEqualTo("app");
        }
    }

    @Test
    void namesAnImageThatCannotBeHad() {
        TestCluster cluster =
                TestCluster.create(local, "imageless", "postgres: {image: 'nowhere/nothing:1'}", ONE_SHARD, ALONE);
        Condition stalled = cluster.awaitCondition("Stalled", "True", "PodFailed");
        assertThat(stalled.getMessage()).contains("imageless-s0-0", "nowhere/nothing:1");
    }

    @Test
    void namesASecretThatIsMissing() {
        TestCluster cluster = TestCluster.create(
                local, "secretless", ONE_SHARD, ALONE, "credentials: {applicationSecret: {name: not-there}}");
        Condition stalled = cluster.awaitCondition("Stalled", "True", "PrerequisiteMissing");
        assertThat(stalled.getMessage()).contains("Secret not-there", "create it");
    }

    @Test
    void guardsATableThatIsCreatedLater() throws SQLException {
        TestCluster cluster = TestCluster.create(
                local,
                "late",
                TWO_SHARDS,
                ALONE,
                "sharding: {tables: [{name: later, key: [{column: id, type: BigInt}]}]}");
        Condition missing = cluster.awaitCondition("Ready", "False", "TableMissing");
        assertThat(missing.getMessage()).contains("public.later does not exist");
        cluster.awaitCondition("Available", "True", "AllShardsTakeWrites");
        try (Connection application = cluster.application();
                Connection superuser = cluster.superuser()) {
            TestCluster.run(application, "CREATE TABLE later (id bigint PRIMARY KEY)");
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(TestCluster.one(superuser, "SELECT count(*) FROM mosaic.guard"))
                            .isEqualTo("1"));
            assertThatThrownBy(() -> TestCluster.run(application, "INSERT INTO later SELECT generate_series(1, 100)"))
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("MO001"));
        }
    }

    @Test
    void namesATableThatCannotBeGuarded() throws SQLException {
        TestCluster cluster = TestCluster.create(
                local,
                "keyless",
                ONE_SHARD,
                ALONE,
                "sharding: {tables: [{name: keyless, key: [{column: id, type: BigInt}]}]}",
                "initSql: {sql: 'CREATE TABLE keyless (id bigint)'}");
        Condition stalled = cluster.awaitCondition("Stalled", "True", "GuardFailed");
        assertThat(stalled.getMessage()).contains("id is not in the primary key of public.keyless");
        try (Connection superuser = cluster.superuser()) {
            TestCluster.run(superuser, "ALTER TABLE public.keyless ADD PRIMARY KEY (id)");
        }
        cluster.awaitReady();
    }

    @Test
    void saysWhichParameterTheServerRefuses() throws SQLException {
        TestCluster cluster = TestCluster.create(local, "tuned", workMem("8MB"), ONE_SHARD, ALONE);
        cluster.awaitReady();
        cluster.apply(workMem("lots"), ONE_SHARD, ALONE);
        Condition stalled = cluster.awaitCondition("Stalled", "True", "CommandRefused");
        assertThat(stalled.getMessage()).contains("work_mem", "lots");
        try (Connection application = cluster.application()) {
            assertThat(TestCluster.one(application, "SHOW work_mem")).isEqualTo("8MB");
        }
        cluster.apply(workMem("16MB"), ONE_SHARD, ALONE);
        cluster.awaitReady();
        try (Connection application = cluster.application()) {
            assertThat(TestCluster.one(application, "SHOW work_mem")).isEqualTo("16MB");
        }
    }

    private static String workMem(String value) {
        return "postgres: {parameters: {work_mem: '" + value + "'}}";
    }

    @Test
    void anOperatorThatIsKilledLeavesWorkThatTheNextOneFinishes() {
        TestCluster cluster = TestCluster.create(local, "orphan", TWO_SHARDS, TWO_INSTANCES);
        cluster.awaitThat(
                found -> found.getStatus().shards().stream().anyMatch(shard -> shard.bootstrapInstance() != null));
        local.pods()
                .process(ProductPods.OPERATOR_NAMESPACE, ProductPods.OPERATOR, "operator")
                .kill();
        cluster.awaitReady();
        assertThat(cluster.get().getStatus().shards())
                .extracting(ShardState::term)
                .containsOnly(1L);
        assertThat(cluster.get().getStatus().shards())
                .extracting(ShardState::systemIdentifier)
                .doesNotHaveDuplicates()
                .doesNotContainNull();
    }

    @Test
    void aClusterMadeAnewOverKeptVolumesHasItsData() throws SQLException {
        TestCluster cluster = TestCluster.create(local, "kept", ONE_SHARD, TWO_INSTANCES);
        cluster.awaitReady();
        String system = cluster.shard().systemIdentifier();
        try (Connection application = cluster.application()) {
            TestCluster.run(application, "CREATE TABLE memory (what text); INSERT INTO memory VALUES ('still here')");
        }
        cluster.delete();
        assertThat(cluster.claims()).containsExactly("data-kept-s0-0", "data-kept-s0-1");

        cluster.apply(ONE_SHARD, TWO_INSTANCES);
        cluster.awaitReady();
        assertThat(cluster.shard().systemIdentifier()).isEqualTo(system);
        try (Connection application = cluster.application()) {
            assertThat(TestCluster.one(application, "SELECT what FROM memory")).isEqualTo("still here");
        }
    }

    @Test
    void volumesGoWithTheClusterWhenTheSpecSaysSo() {
        TestCluster cluster =
                TestCluster.create(local, "gone", "storage: {size: 1Gi, onDelete: Delete}", ONE_SHARD, ALONE);
        cluster.awaitReady();
        assertThat(cluster.claims()).containsExactly("data-gone-s0-0");
        cluster.delete();
        await().atMost(LIMIT).untilAsserted(() -> assertThat(cluster.claims()).isEmpty());
    }

    @Test
    void metricsSayHowItIs() throws Exception {
        TestCluster cluster = TestCluster.create(local, "measured", ONE_SHARD, TWO_INSTANCES);
        cluster.awaitReady();
        URI metrics = URI.create("http://"
                + local.client()
                        .pods()
                        .inNamespace(ProductPods.OPERATOR_NAMESPACE)
                        .withName(ProductPods.OPERATOR)
                        .get()
                        .getStatus()
                        .getPodIP()
                + ":8080/q/metrics");
        try (HttpClient http = HttpClient.newHttpClient()) {
            await().atMost(LIMIT).untilAsserted(() -> assertThat(
                            http.send(HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofString())
                                    .body())
                    .contains("pgmosaic_shards{cluster=\"measured\",namespace=\"default\",phase=\"Ready\"} 1.0")
                    .contains("shard_replication_lag_seconds{cluster=\"measured\"")
                    .contains("shard_size_bytes{cluster=\"measured\"")
                    .containsPattern("operator_sdk_\\w*reconciliations\\w*"));
        }
    }
}
