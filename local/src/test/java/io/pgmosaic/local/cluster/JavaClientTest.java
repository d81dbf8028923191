package io.pgmosaic.local.cluster;

import io.pgmosaic.api.v1alpha1.cluster.ShardState;
import io.pgmosaic.api.v1alpha1.common.ClusterName;
import io.pgmosaic.api.v1alpha1.migration.SchemaMigration;
import io.pgmosaic.api.v1alpha1.migration.SchemaMigrationSpec;
import io.pgmosaic.client.ClientSettings;
import io.pgmosaic.client.MosaicClient;
import io.pgmosaic.client.TableKey;
import io.pgmosaic.client.scatter.ScatterRequest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The Java client and the example clients, on real shards with standbys: through a switchover and the loss of a primary. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class JavaClientTest {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final String CLUSTER = "shop";
    private static final String[] FIELDS = {
        "shards: {count: 2}",
        "instancesPerShard: 2",
        "sharding: {tables: [{name: orders, key: [{column: customer_id, type: BigInt}]}]}",
        "initSql: {sql: 'CREATE TABLE orders (customer_id bigint, id bigint, PRIMARY KEY (customer_id, id))'}"
    };

    private final Distribution distribution = Distribution.locate();
    private final LocalCluster local =
            LocalCluster.start(distribution, "client-" + ProcessHandle.current().pid());

    private Path folder;
    private TestCluster cluster;
    private ApplicationPools pools;

    @BeforeAll
    void declare(@TempDir Path temporary) throws IOException {
        folder = temporary;
        await().atMost(LIMIT).until(local::isOperatorReady);
        cluster = TestCluster.create(local, CLUSTER, FIELDS);
        cluster.awaitReady();
        pools = ApplicationPools.of(local, CLUSTER, temporary, LIMIT);
    }

    @AfterAll
    void end() {
        local.close();
        local.deleteFolder();
    }

    @Test
    void nothingAcknowledgedIsLostAndNobodyIsToldOfAFailover() throws Exception {
        try (MosaicClient client = MosaicClient.create(
                        ClientSettings.defaults().withRouter(pools.router()).withRetryFor(LIMIT), pools::pool);
                CountedOrders orders = CountedOrders.begin(client, 4)) {
            orders.awaitMore(200);
            String standby = standby("s0");
            cluster.apply(fieldsWith("switchover: [{shard: s0, to: " + standby + ", request: maintenance}]"));
            cluster.awaitThat(found -> standby.equals(primary("s0")));
            orders.awaitMore(50);
            String killed = primary("s1");
            local.pods().process(TestCluster.NAMESPACE, killed, "postgres").kill();
            orders.awaitMoreOf("s1", 50);
            cluster.awaitReady();
            orders.awaitMore(100);
            orders.end();

            assertThat(orders.failures()).as("what the work's callers saw").isEmpty();
            Set<String> found = new TreeSet<>();
            client.onAllShards(ScatterRequest.within(LIMIT).forTables("orders"), JavaClientTest::rows)
                    .results()
                    .values()
                    .forEach(found::addAll);
            assertThat(orders.acknowledged()).as("acknowledged").isSubsetOf(found);
            found.removeAll(orders.acknowledged());
            assertThat(orders.unknown()).as("of unknown outcome, or never sent").containsAll(found);
            assertThat(orders.unseen()).as("own writes that were not read").isEmpty();
            assertThat(orders.readFromReplicas()).as("reads of replicas").isPositive();
            await().atMost(LIMIT)
                    .untilAsserted(
                            () -> assertThat(metrics())
                                    .as("what the router was told of")
                                    .contains(
                                            "pgmosaic_router_shard_outcomes_total{operation=\"write\",outcome=\"ok\",shard_id=\"s1\"}",
                                            "pgmosaic_router_shard_outcomes_total{operation=\"write\",outcome=\"error\",shard_id=\"s1\"}"));
        }
    }

    private String metrics() throws IOException {
        try (InputStream metrics = pools.router().resolve("/metrics").toURL().openStream()) {
            return new String(metrics.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String[] fieldsWith(String field) {
        List<String> fields = new ArrayList<>(List.of(FIELDS));
        fields.add(field);
        return fields.toArray(String[]::new);
    }

    private ShardState shard(String name) {
        return cluster.get().getStatus().shards().stream()
                .filter(shard -> shard.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private String primary(String shard) {
        return Objects.requireNonNullElse(shard(shard).primary(), "");
    }

    private String standby(String shard) {
        String primary = primary(shard);
        return cluster.pods().stream()
                .filter(pod -> pod.startsWith(CLUSTER + "-" + shard + "-") && !pod.equals(primary))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> rows(String shard, Connection connection) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT customer_id || ':' || id FROM orders WHERE id < 0")) {
            while (row.next()) {
                rows.add(row.getString(1));
            }
        }
        return rows;
    }

    private String runJava(String name, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                example("java/" + name)));
        command.addAll(List.of(arguments));
        return run(command.toArray(String[]::new));
    }

    @Test
    void theExampleOfAChangingSchemaReadsBeforeAndAfter() throws Exception {
        runJava("OrdersExample.java", "44", "1");
        assertThat(runJava("SchemaExample.java", "44", "1"))
                .contains("order 1 of customer 44 is in EUR, by the old schema of " + shardOf(44));
        SchemaMigration migration = local.client()
                .getKubernetesSerialization()
                .unmarshal(Files.readString(distribution.example("migration.yaml")), SchemaMigration.class);
        migration.getMetadata().setNamespace(TestCluster.NAMESPACE);
        migration.setSpec(ofCluster(migration.getSpec()));
        local.client().resource(migration).create();
        try (MosaicClient client =
                MosaicClient.create(ClientSettings.defaults().withRouter(pools.router()), pools::pool)) {
            await().atMost(LIMIT).until(() -> client.schema("orders").isFilled("add-currency"));
            assertThat(client.schema("orders").isComplete("add-currency"))
                    .as("contract is not approved")
                    .isFalse();
        }
        assertThat(runJava("SchemaExample.java", "44", "1"))
                .contains("order 1 of customer 44 is in EUR, by the new schema of " + shardOf(44));
    }

    private static SchemaMigrationSpec ofCluster(SchemaMigrationSpec spec) {
        return new SchemaMigrationSpec(
                new ClusterName(CLUSTER),
                spec.after(),
                spec.expand(),
                spec.backfill(),
                spec.contract(),
                spec.rollback(),
                spec.rollout(),
                spec.allow(),
                spec.approved());
    }

    @Test
    void theJavaExampleRuns() throws Exception {
        assertThat(runJava("OrdersExample.java", "41", "1"))
                .contains("order 1 of customer 41 is on " + shardOf(41) + ", seen 1 time")
                .contains("X-Causal-Token: ")
                .contains("on 2 shards; missing: {}");
    }

    @Test
    void thePythonExampleRuns() throws Exception {
        assertThat(run("python3", example("python/orders.py"), "42", "2"))
                .containsPattern("order 2 of customer 42: seen 1 time on (primary|replica) shop-" + shardOf(42) + "-")
                .contains("X-Causal-Token: ");
    }

    @Test
    void theGoExampleIsGoodGoAndFindsAKey() throws Exception {
        if (!isThere("go")) {
            System.out.println("skipped: there is no go on PATH to build examples/clients/go with");
            return;
        }
        run("go", "vet", "-C", example("go"), ".");
        Path program = folder.resolve("orders");
        run("go", "build", "-C", example("go"), "-o", program.toString(), ".");
        assertThat(run(program.toString(), "orders", "43")).startsWith(shardOf(43) + " ");
    }

    private String shardOf(long customer) throws SQLException {
        try (MosaicClient client =
                MosaicClient.create(ClientSettings.defaults().withRouter(pools.router()), pools::pool)) {
            return client.shardOf(TableKey.of("orders", customer));
        }
    }

    private String example(String name) {
        return distribution.example("clients").resolve(name).toString();
    }

    private static boolean isThere(String program) {
        for (String entry : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
            if (!entry.isEmpty() && Files.isExecutable(Path.of(entry, program))) {
                return true;
            }
        }
        return false;
    }

    private String run(String... command) throws IOException, InterruptedException {
        Path said = Files.createTempFile(folder, "said", ".txt");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile());
        builder.environment()
                .putAll(Map.of(
                        "PGMOSAIC_ROUTER_URL", pools.router().toString(),
                        "PGUSER", pools.user(),
                        "PGPASSWORD", pools.password(),
                        "PGSSLMODE", "verify-ca",
                        "PGSSLROOTCERT", pools.authority().toString(),
                        "GOFLAGS", "-mod=mod",
                        "GOPROXY", "off"));
        Process process = builder.start();
        try {
            assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .as("%s ended", command[0])
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        String text = Files.readString(said);
        assertThat(process.exitValue()).as(text).isZero();
        return text;
    }
}
