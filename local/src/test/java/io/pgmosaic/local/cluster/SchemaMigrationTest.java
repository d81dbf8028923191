package io.pgmosaic.local.cluster;

import io.fabric8.kubernetes.api.model.Pod;
import io.pgmosaic.api.v1alpha1.cluster.SchemaDriftSpec;
import io.pgmosaic.api.v1alpha1.cluster.SchemaDriftState;
import io.pgmosaic.api.v1alpha1.cluster.ShardState;
import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import io.pgmosaic.api.v1alpha1.migration.MigrationPhase;
import io.pgmosaic.api.v1alpha1.migration.SafetyFinding;
import io.pgmosaic.api.v1alpha1.migration.SchemaMigration;
import io.pgmosaic.api.v1alpha1.migration.SchemaMigrationStatus;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The schema of all shards changes while applications write, and the operator is killed in the middle. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SchemaMigrationTest {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final String CLUSTER = "evolve";

    private final LocalCluster local = LocalCluster.start(
            Distribution.locate(), "migration-" + ProcessHandle.current().pid());

    private TestCluster cluster;
    private Pod router;

    @BeforeAll
    void declare() throws SQLException {
        await().atMost(LIMIT).until(local::isOperatorReady);
        cluster = TestCluster.create(
                local,
                CLUSTER,
                "shards: {count: 3}",
                "instancesPerShard: 1, replication: {mode: Async}",
                "sharding: {referenceTables: [{name: users}], tables: [{name: orders, key: [{column: id, type: BigInt}]}]}",
                "initSql: {sql: \"CREATE TABLE orders (id bigint PRIMARY KEY);"
                        + " CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL); CREATE TABLE log (n int);"
                        + " INSERT INTO users SELECT n, 'user ' || n FROM generate_series(1, 30000) AS n\"}");
        cluster.awaitReady();
        router = local.startRouter(TestCluster.NAMESPACE, CLUSTER);
    }

    @AfterAll
    void end() {
        local.close();
        local.deleteFolder();
    }

    @Test
    void everyStatementRunsOnceOnEveryShardWhileApplicationsWrite() throws Exception {
        Queue<SQLException> failures = new ConcurrentLinkedQueue<>();
        AtomicInteger written = new AtomicInteger();
        AtomicBoolean ended = new AtomicBoolean();
        Thread writer = Thread.ofVirtual().start(() -> write(failures, written, ended));
        migrate(
                "add-preferences",
                "expand: [\"ALTER TABLE users ADD COLUMN preferences jsonb DEFAULT '{}'\","
                        + " 'INSERT INTO log SELECT count(*) FROM log',"
                        + " 'ALTER TABLE users ALTER COLUMN preferences DROP NOT NULL, ADD COLUMN shown text',"
                        + " 'CREATE INDEX CONCURRENTLY users_by_name ON users (name)',"
                        + " 'INSERT INTO log SELECT count(*) FROM log']",
                "backfill: {table: users, set: \"shown = upper(name)\", where: \"shown IS NULL\", batchRows: 200,"
                        + " targetBatchTime: 20ms}",
                "contract: ['INSERT INTO log SELECT count(*) FROM log', 'ALTER TABLE users DROP COLUMN preferences']");
        awaitStatus("add-preferences", status -> status.backfillPercent() != null && status.backfillPercent() > 0);
        assertThat(schema("users", "add-preferences"))
                .as("told after it is there")
                .contains("\"filled\":false,\"complete\":false");
        String operator = local.operators().names().getFirst();
        local.operators().process(operator).kill();
        SchemaMigrationStatus waiting =
                awaitStatus("add-preferences", status -> status.phase() == MigrationPhase.AWAITING_APPROVAL);
        assertThat(waiting.waitingFor()).contains("spec.approved");
        cluster.awaitThat(found -> found.getStatus().migration() == null);
        awaitSchema(
                "users", "add-preferences", "\"expanded\":true,\"filled\":true,\"complete\":false,\"settled\":true");
        assertThat(schema("orders", "add-preferences"))
                .as("a table that it does not touch")
                .contains("\"expanded\":false", "\"migrations\":[]");
        onEveryShard("SELECT count(*) FROM users WHERE id <= 30000 AND shown IS DISTINCT FROM upper(name)", "0");
        onEveryShard("SELECT indisvalid FROM pg_index WHERE indexrelid = 'users_by_name'::regclass", "t");
        onEveryShard("SELECT string_agg(n::text, ' ' ORDER BY n) FROM log", "0 1");

        patch("add-preferences", "{\"spec\": {\"approved\": true}}");
        SchemaMigrationStatus done =
                awaitStatus("add-preferences", status -> status.phase() == MigrationPhase.COMPLETED);
        assertThat(done.shardsDone()).isEqualTo("3/3");
        assertThat(done.history())
                .extracting(entry -> entry.phase())
                .contains(MigrationPhase.EXPANDING, MigrationPhase.BACKFILLING, MigrationPhase.COMPLETED);
        awaitSchema("users", "add-preferences", "\"expanded\":true,\"filled\":true,\"complete\":true,\"settled\":true");
        onEveryShard("SELECT string_agg(n::text, ' ' ORDER BY n) FROM log", "0 1 2");
        onEveryShard(
                "SELECT string_agg(attname, ' ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'users'::regclass"
                        + " AND attnum > 0 AND NOT attisdropped",
                "id name shown");
        ended.set(true);
        writer.join();
        assertThat(failures).isEmpty();
        assertThat(written.get()).isGreaterThan(10);
    }

    @Test
    void whatFailsOnOneShardGoesOnWhenThatIsPutRight() throws Exception {
        String last = primary("s2");
        execute(last, "CREATE TABLE notes (id text)");
        migrate("notes", "expand: ['CREATE TABLE notes (id bigint PRIMARY KEY)']");
        SchemaMigrationStatus failed =
                awaitStatus("notes", status -> String.valueOf(status.message()).contains("already exists"));
        assertThat(failed.shardsDone()).isEqualTo("2/3");
        assertThat(failed.conditions())
                .anyMatch(condition -> condition.getType().equals("Stalled")
                        && condition.getStatus().equals("True")
                        && condition.getMessage().contains("shard s2"));
        assertThat(cluster.get().getStatus().migration()).isNotNull();
        awaitSchema("notes", "notes", "{\"shard\":\"s0\",\"expanded\":true,\"filled\":true,\"complete\":true}");
        assertThat(schema("notes", "notes"))
                .contains(
                        "\"migration\":\"notes\",\"expanded\":false",
                        "{\"shard\":\"s2\",\"expanded\":false,\"filled\":false,\"complete\":false}");
        execute(last, "DROP TABLE notes");
        awaitStatus("notes", status -> status.phase() == MigrationPhase.COMPLETED);
        onEveryShard("SELECT count(*) FROM notes", "0");
        cluster.awaitThat(found -> found.getStatus().migration() == null);
    }

    @Test
    void whatFailsIsTakenBackWherePolicySaysSo() throws Exception {
        execute(primary("s1"), "CREATE TABLE drafts_of (id text)");
        migrate(
                "drafts",
                "expand: ['CREATE TABLE drafts (id bigint PRIMARY KEY)', 'CREATE TABLE drafts_of (id bigint)']",
                "rollback: {expand: ['DROP TABLE IF EXISTS drafts']}",
                "rollout: {onFailure: RollBack, maxParallel: 1}");
        awaitStatus("drafts", status -> status.phase() == MigrationPhase.ROLLED_BACK);
        onEveryShard("SELECT to_regclass('drafts') IS NULL", "t");
        cluster.awaitThat(found -> found.getStatus().migration() == null);
    }

    /** One that was told to applications while the policy was another one. */
    @Test
    void whatApplicationsWereToldIsTakenBackLongBeforeItIsUndone() throws Exception {
        execute(primary("s2"), "CREATE TABLE told_of (id text)");
        migrate(
                "told",
                "expand: ['CREATE TABLE told (id bigint PRIMARY KEY)', 'CREATE TABLE told_of (id bigint)']",
                "rollback: {expand: ['DROP TABLE IF EXISTS told_of', 'DROP TABLE IF EXISTS told']}");
        awaitStatus("told", status -> String.valueOf(status.message()).contains("already exists"));
        awaitSchema("told", "told", "{\"shard\":\"s0\",\"expanded\":true");
        patch("told", "{\"spec\": {\"rollout\": {\"onFailure\": \"RollBack\"}}}");
        SchemaMigrationStatus waiting = awaitStatus("told", status -> status.phase() == MigrationPhase.ROLLING_BACK);
        assertThat(waiting.message()).contains("applications are told first");
        awaitSchema("told", "told", "{\"shard\":\"s0\",\"expanded\":false");
        assertThat(rows(primary("s0"), "SELECT to_regclass('told') IS NULL"))
                .as("it is still there")
                .containsExactly("f");
        awaitStatus("told", status -> status.phase() == MigrationPhase.ROLLED_BACK);
        onEveryShard("SELECT to_regclass('told') IS NULL", "t");
    }

    @Test
    void whatIsWrongIsRefusedWithAllReasonsAndNothingIsChanged() throws Exception {
        migrate(
                "wrong",
                "expand: ['CREATE TABLE wrong (a int); DROP TABLE users', 'COMMIT']",
                "backfill: {table: users, set: \"name = 'x' WHERE true\"}",
                "rollout: {canary: [nowhere]}");
        SchemaMigrationStatus refused =
                awaitStatus("wrong", status -> status.findings().size() == 4);
        assertThat(refused.phase()).isEqualTo(MigrationPhase.PENDING);
        assertThat(refused.message()).contains("expand[0]", "several statements", "3 more");
        onEveryShard("SELECT to_regclass('wrong') IS NULL", "t");
    }

    @Test
    void whatTheOldApplicationDoesNotExpectIsToBeAccepted() throws Exception {
        migrate(
                "rename",
                "expand: ['ALTER TABLE orders RENAME COLUMN id TO number', 'ALTER TABLE orders RENAME COLUMN number TO id']");
        SchemaMigrationStatus checked =
                awaitStatus("rename", status -> !status.findings().isEmpty());
        assertThat(checked.phase()).isEqualTo(MigrationPhase.CHECKING);
        assertThat(checked.findings()).extracting(SafetyFinding::name).containsOnly("renames-in-expand");
        assertThat(checked.message()).contains("column id of public.orders becomes number");
        assertThat(checked.conditions())
                .anyMatch(condition -> condition.getType().equals("Stalled")
                        && condition.getStatus().equals("True")
                        && condition.getMessage().contains("accept what is found in spec.allow: renames-in-expand"));
        assertThat(cluster.get().getStatus().migration()).isNull();
        patch("rename", "{\"spec\": {\"allow\": [\"renames-in-expand\"]}}");
        awaitStatus("rename", status -> status.phase() == MigrationPhase.COMPLETED);
    }

    @Test
    void whatDiffersAmongShardsIsNamedOnRequestUntilItIsPutRight() throws Exception {
        execute(primary("s2"), "CREATE TABLE by_hand (id bigint PRIMARY KEY)");
        SchemaDriftState differing = compare("after a change by hand");
        assertThat(differing.differences()).contains("table public.by_hand: as it is there on s2; missing on s0, s1");
        assertThat(differing.differing()).isEqualTo(differing.differences().size());
        assertThat(cluster.awaitCondition("SchemaDrift", "True", "ShardsDiffer").getMessage())
                .contains("not the same on every shard", "table public.by_hand");
        execute(primary("s2"), "DROP TABLE by_hand");
        assertThat(compare("after it was put right").differences())
                .noneMatch(difference -> difference.contains("by_hand"));
    }

    private SchemaDriftState compare(String request) {
        local.client()
                .resources(ShardedCluster.class)
                .inNamespace(TestCluster.NAMESPACE)
                .withName(CLUSTER)
                .patch("{\"metadata\": {\"annotations\": {\"" + SchemaDriftSpec.ANNOTATION + "\": \"" + request
                        + "\"}}}");
        cluster.awaitThat(found -> found.getStatus().schemaDrift() != null
                && request.equals(found.getStatus().schemaDrift().requested()));
        return Objects.requireNonNull(cluster.get().getStatus().schemaDrift());
    }

    private void write(Queue<SQLException> failures, AtomicInteger written, AtomicBoolean ended) {
        try (Connection session = cluster.applicationOn(primary("s0"));
                Statement statement = session.createStatement()) {
            while (!ended.get()) {
                statement.execute(
                        "INSERT INTO users (id, name) VALUES (" + (100_000 + written.incrementAndGet()) + ", 'new')");
                statement.execute("UPDATE users SET name = name WHERE id = " + (1 + written.get() % 30_000));
            }
        } catch (SQLException e) {
            failures.add(e);
        }
    }

    private void migrate(String name, String... fields) {
        local.client()
                .resource(local.client()
                        .getKubernetesSerialization()
                        .unmarshal(
                                "apiVersion: pgmosaic.io/v1alpha1\nkind: SchemaMigration\nmetadata: {name: " + name
                                        + ", namespace: default}\nspec: {cluster: {name: " + CLUSTER + "}, "
                                        + String.join(", ", fields) + "}",
                                SchemaMigration.class))
                .create();
    }

    private void patch(String name, String patch) {
        local.client()
                .resources(SchemaMigration.class)
                .inNamespace(TestCluster.NAMESPACE)
                .withName(name)
                .patch(patch);
    }

    private SchemaMigrationStatus awaitStatus(String name, Predicate<SchemaMigrationStatus> predicate) {
        await().atMost(LIMIT).pollInterval(Duration.ofMillis(50)).untilAsserted(() -> assertThat(
                        predicate.test(status(name)))
                .as(() -> local.client().getKubernetesSerialization().asYaml(status(name)))
                .isTrue());
        return status(name);
    }

    private SchemaMigrationStatus status(String name) {
        return local.client()
                .resources(SchemaMigration.class)
                .inNamespace(TestCluster.NAMESPACE)
                .withName(name)
                .require()
                .getStatus();
    }

    private void awaitSchema(String table, String migration, String part) {
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(schema(table, migration)).contains(part));
    }

    private String schema(String table, String migration) throws IOException, InterruptedException {
        URI address =
                await().atMost(LIMIT).until(() -> local.routerAddress(router).orElse(null), Objects::nonNull);
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(
                                            address.resolve("/v1/schema?table=" + table + "&migration=" + migration))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    private void onEveryShard(String query, String value) throws SQLException {
        for (ShardState shard : cluster.get().getStatus().shards()) {
            assertThat(rows(primary(shard.name()), query))
                    .as("%s on %s", query, shard.name())
                    .containsExactly(value);
        }
    }

    private String primary(String shard) {
        return cluster.get().getStatus().shards().stream()
                .filter(state -> state.name().equals(shard))
                .map(ShardState::primary)
                .filter(Objects::nonNull)
                .findFirst()
                .orElseThrow();
    }

    private void execute(String instance, String sql) throws SQLException {
        try (Connection session = cluster.applicationOn(instance);
                Statement statement = session.createStatement()) {
            statement.execute(sql);
        }
    }

    private List<@Nullable String> rows(String instance, String sql) throws SQLException {
        try (Connection session = cluster.superuser(instance);
                PreparedStatement statement = session.prepareStatement(sql);
                ResultSet row = statement.executeQuery()) {
            List<@Nullable String> rows = new ArrayList<>();
            while (row.next()) {
                rows.add(row.getString(1));
            }
            return rows;
        }
    }
}
