package io.pgmosaic.local.cluster;

import io.pgmosaic.api.v1alpha1.cluster.ShardState;
import io.pgmosaic.api.v1alpha1.split.ShardSplit;
import io.pgmosaic.api.v1alpha1.split.ShardSplitStatus;
import io.pgmosaic.api.v1alpha1.split.SplitPhase;
import io.pgmosaic.client.ClientSettings;
import io.pgmosaic.client.MosaicClient;
import io.pgmosaic.client.TableKey;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A shard is split while applications write: taken back, and then brought to its end. Nobody has created one of its tables. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ShardSplitTest {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String CLUSTER = "grow";

    private final Distribution distribution = Distribution.locate();
    private final LocalCluster local =
            LocalCluster.start(distribution, "split-" + ProcessHandle.current().pid());

    private TestCluster cluster;
    private ApplicationPools pools;

    @BeforeAll
    void declare(@TempDir Path temporary) throws IOException {
        await().atMost(LIMIT).until(local::isOperatorReady);
        cluster = TestCluster.create(
                local,
                CLUSTER,
                "shards: {count: 2}",
                "instancesPerShard: 2",
                "sharding: {tables: [{name: orders, key: [{column: customer_id, type: BigInt}]},"
                        + " {name: parcels, key: [{column: customer_id, type: BigInt}]}],"
                        + " referenceTables: [{name: currencies}]}",
                "initSql: {sql: \"CREATE TABLE orders (customer_id bigint, id bigint, note text DEFAULT repeat('x', 10),"
                        + " PRIMARY KEY (customer_id, id)); CREATE TABLE currencies (code text PRIMARY KEY);"
                        + " INSERT INTO currencies VALUES ('EUR'), ('USD'); CREATE SEQUENCE numbers;"
                        + " SELECT setval('numbers', 500)\"}");
        cluster.awaitCondition("Available", "True", "AllShardsTakeWrites");
        pools = ApplicationPools.of(local, CLUSTER, temporary, LIMIT);
    }

    @AfterAll
    void end() {
        local.close();
        local.deleteFolder();
    }

    @Test
    void aSplitIsTakenBackAndDoneAnewWithoutAnErrorOrALoss() throws Exception {
        try (MosaicClient client = MosaicClient.create(
                        ClientSettings.defaults().withRouter(pools.router()).withRetryFor(LIMIT), pools::pool);
                CountedOrders orders = CountedOrders.begin(client, 4)) {
            orders.awaitMore(300);
            declare("first", "s2", "soakTime: 1h");
            awaitPhase("first", SplitPhase.SOAKING);
            orders.awaitMoreOf("s2", 50);
            assertThat(status("first").writePauseMillis()).isPositive();
            assertThat(catchState(() -> run(primary("s0"), "CREATE TABLE late (id int)")))
                    .as("DDL while a split runs")
                    .isEqualTo("MO007");

            edit("first", true);
            awaitPhase("first", SplitPhase.ROLLED_BACK);
            orders.awaitMoreOf("s0", 50);
            awaitShards("s0", "s1");
            checkPlaces(client, orders);

            declare("again", "s2", "soakTime: 0s");
            await().atMost(LIMIT).untilAsserted(() -> assertThat(status("again").findings())
                    .singleElement()
                    .asString()
                    .contains("there are volumes of an earlier shard s2: delete the claims data-grow-s2-0"));
            assertThat(status("again").phase()).isEqualTo(SplitPhase.PENDING);

            declare("given-up", "s4", "soakTime: 1h", "strategy: Physical");
            awaitPhase("given-up", SplitPhase.COPYING);
            edit("given-up", true);
            awaitPhase("given-up", SplitPhase.ROLLED_BACK);
            awaitShards("s0", "s1");

            declare("second", "s3", "soakTime: 0s", "strategy: Physical");
            awaitPhase("second", SplitPhase.COPYING);
            local.pods()
                    .process(TestCluster.NAMESPACE, primary("s0"), "postgres")
                    .kill();
            awaitPhase("second", SplitPhase.COMPLETED);
            assertThat(status("second").findings()).contains("strategy: Physical, as declared");
            orders.awaitMoreOf("s3", 50);
            orders.end();
            awaitShards("s0", "s1", "s3");
            assertThat(rows(primary("s3"), "SELECT shard FROM mosaic.shard_map"))
                    .containsExactly("s3");
            assertThat(rows(primary("s3"), "SELECT system_identifier FROM pg_control_system()"))
                    .as("a clone has its source's")
                    .isEqualTo(rows(primary("s0"), "SELECT system_identifier FROM pg_control_system()"));
            checkPlaces(client, orders);
            assertThat(orders.failures()).as("what the work's callers saw").isEmpty();
            assertThat(orders.unseen()).as("own writes that were not read").isEmpty();
            assertThat(rows(primary("s3"), "SELECT code FROM currencies")).containsExactlyInAnyOrder("EUR", "USD");
            assertThat(rows(primary("s3"), "SELECT nextval('numbers') > 500")).containsExactly("t");
            nothingIsLeft();
            run(primary("s0"), "CREATE TABLE late (id int)");
        }
    }

    /** Every acknowledged row once, and on the shard that owns it; copies elsewhere only where a split still needs them. */
    private void checkPlaces(MosaicClient client, CountedOrders orders) throws Exception {
        Set<String> acknowledged = new TreeSet<>(orders.acknowledged());
        Set<String> found = new TreeSet<>();
        for (ShardState shard : cluster.get().getStatus().shards()) {
            for (String row : rows(primary(shard.name()), "SELECT customer_id || ':' || id FROM orders")) {
                long customer = Long.parseLong(row.substring(0, row.indexOf(':')));
                assertThat(client.shardOf(TableKey.of("orders", customer)))
                        .as("the shard of %s", row)
                        .isEqualTo(shard.name());
                assertThat(found.add(row)).as("%s is on two shards", row).isTrue();
            }
        }
        assertThat(acknowledged).as("acknowledged").isSubsetOf(found);
    }

    private void nothingIsLeft() throws SQLException {
        for (ShardState shard : cluster.get().getStatus().shards()) {
            String instance = primary(shard.name());
            assertThat(rows(instance, "SELECT slot_name FROM pg_replication_slots WHERE slot_type = 'logical'"))
                    .isEmpty();
            await().atMost(LIMIT).untilAsserted(() -> assertThat(rows(
                            instance,
                            "SELECT slot_name FROM pg_replication_slots WHERE slot_name LIKE 'mosaic\\_clone%'"))
                    .isEmpty());
            assertThat(rows(instance, "SELECT subname FROM pg_subscription")).isEmpty();
            assertThat(rows(instance, "SELECT pubname FROM pg_publication")).isEmpty();
            assertThat(rows(instance, "SELECT evtname FROM pg_event_trigger")).isEmpty();
            assertThat(rows(instance, "SELECT stem FROM mosaic.moving")).isEmpty();
        }
    }

    private void declare(String name, String target, String... fields) {
        local.client()
                .resource(local.client()
                        .getKubernetesSerialization()
                        .unmarshal(
                                "apiVersion: pgmosaic.io/v1alpha1\nkind: ShardSplit\nmetadata: {name: " + name
                                        + ", namespace: default}\nspec: {cluster: {name: " + CLUSTER
                                        + "}, source: s0, targets: [{name: s0}, {name: " + target + "}], "
                                        + String.join(", ", fields)
                                        + "}",
                                ShardSplit.class))
                .create();
    }

    private void edit(String name, boolean rollback) {
        local.client()
                .resources(ShardSplit.class)
                .inNamespace(TestCluster.NAMESPACE)
                .withName(name)
                .patch("{\"spec\": {\"rollback\": " + rollback + "}}");
    }

    private ShardSplitStatus status(String name) {
        return local.client()
                .resources(ShardSplit.class)
                .inNamespace(TestCluster.NAMESPACE)
                .withName(name)
                .require()
                .getStatus();
    }

    private void awaitPhase(String name, SplitPhase phase) {
        await().atMost(LIMIT).pollInterval(Duration.ofMillis(100)).untilAsserted(() -> assertThat(
                        status(name).phase())
                .as(() -> local.client().getKubernetesSerialization().asYaml(status(name)))
                .isEqualTo(phase));
    }

    private void awaitShards(String... names) {
        cluster.awaitThat(found -> found.getStatus().splits().isEmpty()
                && found.getStatus().shards().stream()
                        .map(ShardState::name)
                        .toList()
                        .equals(List.of(names)));
    }

    private String primary(String shard) {
        return cluster.get().getStatus().shards().stream()
                .filter(state -> state.name().equals(shard))
                .map(ShardState::primary)
                .filter(Objects::nonNull)
                .findFirst()
                .orElseThrow();
    }

    private void run(String instance, String sql) throws SQLException {
        try (Connection session = cluster.applicationOn(instance);
                Statement statement = session.createStatement()) {
            statement.execute(sql);
        }
    }

    private List<String> rows(String instance, String sql) throws SQLException {
        try (Connection session = cluster.superuser(instance);
                PreparedStatement statement = session.prepareStatement(sql);
                ResultSet row = statement.executeQuery()) {
            List<String> rows = new ArrayList<>();
            while (row.next()) {
                rows.add(row.getString(1));
            }
            return rows;
        }
    }

    private interface Work {
        void run() throws SQLException;
    }

    private static String catchState(Work work) {
        try {
            work.run();
            return "";
        } catch (SQLException e) {
            return String.valueOf(e.getSQLState());
        }
    }
}
