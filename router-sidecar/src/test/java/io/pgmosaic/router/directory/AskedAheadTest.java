package io.pgmosaic.router.directory;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pgmosaic.protocol.topology.ShardTopology;
import io.pgmosaic.router.database.Databases;
import io.pgmosaic.router.harness.ShardPostgres;
import io.pgmosaic.router.harness.TestAuthority;
import io.pgmosaic.router.harness.Topologies;
import io.pgmosaic.router.lookup.RoutingTable;
import io.pgmosaic.router.lookup.TableFactory;
import io.pgmosaic.router.lookup.TableRoute;
import io.pgmosaic.router.metrics.LookupMetrics;
import io.pgmosaic.routing.guard.GuardSchema;
import io.pgmosaic.routing.map.RowKey;
import io.pgmosaic.routing.recipe.MapRecipe;
import io.pgmosaic.routing.recipe.PlacementRecipe;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Keys in use are asked for again before they are too old, and nobody is asked without end. */
class AskedAheadTest {
    private static final MapRecipe MAP = new MapRecipe(
            1,
            null,
            List.of(PlacementRecipe.evenHashRanges(List.of("s0")).restricted(null, null, null, null, List.of("s1"))),
            List.of(),
            List.of(),
            true);

    @TempDir
    private Path folder;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final AtomicLong now = new AtomicLong(1);
    private final Vertx vertx = Vertx.vertx();
    private ShardPostgres postgres;
    private Databases databases;
    private Directory directory;
    private RoutingTable table;
    private TableRoute.Sharded route;
    private RowKey key;

    @BeforeEach
    void start() throws SQLException {
        postgres = ShardPostgres.start(new TestAuthority(), folder.resolve("secret"));
        postgres.execute(
                "shop",
                GuardSchema.create(5_000),
                "GRANT USAGE ON SCHEMA mosaic TO PUBLIC",
                "GRANT EXECUTE ON FUNCTION mosaic.directory_find(text, text, text) TO mosaic_router");
        databases = new Databases(vertx, folder.resolve("secret"));
        long life = Duration.ofSeconds(10).toNanos();
        directory = new Directory(
                databases, new Directory.Settings(1 << 20, 6 * life, life), registry, now::get, unused -> 0);
        table = new TableFactory(new LookupMetrics(new SimpleMeterRegistry()), 1)
                .build(
                        null,
                        Topologies.of(
                                MAP,
                                new ShardTopology("s0", 1, postgres.server(), List.of(), null),
                                Topologies.healthy("s1", 1)));
        route = (TableRoute.Sharded) Objects.requireNonNull(table.table("orders"));
        key = route.key().parse(List.of("7"));
        directory
                .load(table, route, key, false)
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    @AfterEach
    void stop() {
        databases.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
        postgres.close();
    }

    @Test
    void aKeyInUseNeverHasToBeWaitedFor() {
        for (int loads = 1; loads < 4; loads++) {
            pass(7);
            assertThat(isRemembered()).isTrue();
            assertThat(loads("none")).as("young enough").isEqualTo(loads);
            pass(1);
            assertThat(isRemembered()).isTrue();
            int expected = loads + 1;
            await().untilAsserted(() -> assertThat(loads("none")).isEqualTo(expected));
        }
        assertThat(misses()).as("but for the first one").isEqualTo(1);
    }

    @Test
    void aKeyThatNobodyLooksUpIsNotAskedFor() {
        pass(11);
        assertThat(isRemembered()).isFalse();
        assertThat(loads("none")).isEqualTo(1);
    }

    @Test
    void whatIsRememberedLivesOnAndNobodyIsAskedWithoutEndWhileNobodyAnswers() {
        postgres.close();
        pass(8);
        assertThat(isRemembered()).isTrue();
        await().untilAsserted(() -> assertThat(loads("failed")).isEqualTo(1));
        for (int i = 0; i < 100; i++) {
            assertThat(isRemembered()).isTrue();
        }
        pass(1);
        assertThat(isRemembered()).isTrue();
        await().untilAsserted(() -> assertThat(loads("failed")).isEqualTo(2));
    }

    @Test
    void anAnswerThatComesAfterAChangeIsNotRemembered() {
        pass(8);
        Future<Entry> asked = directory.load(table, route, key, false);
        directory.forget(route, List.of(key));
        asked.toCompletionStage().toCompletableFuture().join();
        assertThat(isRemembered()).isFalse();
    }

    private boolean isRemembered() {
        return directory.remembered(table, route, key, Long.MAX_VALUE) != null;
    }

    private void pass(long seconds) {
        now.addAndGet(Duration.ofSeconds(seconds).toNanos());
    }

    private double loads(String outcome) {
        return registry.get("pgmosaic.router.directory.loads")
                .tag("outcome", outcome)
                .counter()
                .count();
    }

    private double misses() {
        return registry.get("pgmosaic.router.directory.lookups")
                .tag("outcome", "miss")
                .counter()
                .count();
    }
}
