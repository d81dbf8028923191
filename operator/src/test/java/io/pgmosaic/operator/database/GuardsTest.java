package io.pgmosaic.operator.database;

import io.pgmosaic.api.v1alpha1.cluster.KeyColumn;
import io.pgmosaic.api.v1alpha1.cluster.KeyColumnType;
import io.pgmosaic.api.v1alpha1.cluster.TableSpec;
import io.pgmosaic.maps.PlacedTable;
import io.pgmosaic.operator.plan.Finding;
import io.pgmosaic.operator.plan.Reason;
import io.pgmosaic.routing.guard.Guard;
import io.pgmosaic.routing.guard.GuardChange;
import io.pgmosaic.routing.map.HashRanges;
import io.pgmosaic.routing.map.ShardMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.sql.SQLException;
import java.util.List;
import java.util.stream.LongStream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class GuardsTest {
    private static final ShardServer SERVER = ShardServer.shared();
    private static final TableSpec ORDERS = ShardServer.table("orders", "customer", KeyColumnType.BIGINT);
    private static final String CREATE = "CREATE TABLE orders (customer bigint, id int, PRIMARY KEY (customer, id))";
    private static final String TRIGGERS = "SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'mosaic_guard%'";
    private static final long OWN = keyOf("s0");
    private static final long FOREIGN = keyOf("s1");

    private final DatabaseSetup setup = new DatabaseSetup();

    @Test
    void refuseTheRowsOfOtherShards() throws SQLException {
        DatabaseIntent intent = SERVER.intent(CREATE, ORDERS);
        assertThat(setup.bringTo(intent))
                .returns(true, DatabaseReport::ready)
                .returns(List.of(), DatabaseReport::findings)
                .returns(7L, DatabaseReport::guardMapVersion);
        assertThatCode(() -> SERVER.asOwner(intent, "INSERT INTO orders VALUES (" + OWN + ", 1)"))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> SERVER.asOwner(intent, "INSERT INTO orders VALUES (" + FOREIGN + ", 1)"))
                .isInstanceOfSatisfying(SQLException.class, refused -> assertThat(refused.getSQLState())
                        .isEqualTo("MO001"));
    }

    @Test
    void waitForATableThatDoesNotExist() throws SQLException {
        DatabaseIntent intent = SERVER.intent(null, ORDERS);
        assertThat(setup.bringTo(intent)).returns(true, DatabaseReport::ready).satisfies(report -> assertThat(
                        report.findings())
                .singleElement()
                .returns(Reason.TABLE_MISSING, Finding::reason)
                .satisfies(finding -> assertThat(finding.message()).contains("public.orders")));
        SERVER.asOwner(intent, CREATE);
        assertThat(setup.bringTo(intent).findings()).isEmpty();
        assertThat(SERVER.value(intent.database(), TRIGGERS)).isEqualTo("3");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CREATE TABLE orders (id int PRIMARY KEY)                    | has no column customer",
                "CREATE TABLE orders (customer text PRIMARY KEY)             | is text",
                "CREATE TABLE orders (customer numeric PRIMARY KEY)          | is numeric",
                "CREATE DOMAIN d AS bigint; CREATE TABLE orders (customer d PRIMARY KEY) | is public.d",
                "CREATE TABLE orders (customer bigint, id int PRIMARY KEY)   | not in the primary key",
                "CREATE TABLE orders (customer bigint)                       | not in the primary key",
                "CREATE VIEW orders AS SELECT 1::bigint AS customer          | is not a table",
                "CREATE MATERIALIZED VIEW orders AS SELECT 1::bigint AS customer | is not a table",
                "CREATE SEQUENCE orders                                      | is not a table",
            })
    void stayOffATableThatIsNotAsDeclared(String create, String words) throws SQLException {
        DatabaseIntent intent = SERVER.intent(create, ORDERS);
        DatabaseReport report = setup.bringTo(intent);
        assertThat(report.ready()).isFalse();
        assertThat(report.findings())
                .singleElement()
                .returns(Reason.GUARD_FAILED, Finding::reason)
                .satisfies(finding -> assertThat(finding.message()).contains("public.orders", words));
        assertThat(SERVER.value(intent.database(), TRIGGERS)).isEqualTo("0");
    }

    @Test
    void guardEachTableByTheMapOfItsGroup() throws SQLException {
        DatabaseIntent intent =
                SERVER.intent("CREATE TABLE mine (id bigint PRIMARY KEY); CREATE TABLE others (id bigint PRIMARY KEY)");
        ShardMap all = ShardMap.of(intent.map().version(), HashRanges.even(List.of("s0")));
        ShardMap none = ShardMap.of(intent.map().version(), HashRanges.even(List.of("s1")));
        DatabaseIntent grouped = ShardServer.withPlaced(
                intent,
                new PlacedTable(ShardServer.table("mine", "id", KeyColumnType.BIGINT), all),
                new PlacedTable(ShardServer.table("others", "id", KeyColumnType.BIGINT), none));
        assertThat(setup.bringTo(grouped).ready()).isTrue();
        SERVER.asSuperuser(intent.database(), "INSERT INTO mine SELECT generate_series(1, 100)");
        assertThatThrownBy(() -> SERVER.asSuperuser(intent.database(), "INSERT INTO others VALUES (1)"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("shard s0 does not own the key");
        assertThat(setup.bringTo(intent).ready())
                .as("the guards are taken off again")
                .isTrue();
        SERVER.asSuperuser(intent.database(), "INSERT INTO others VALUES (1)");
    }

    @Test
    void doNotLetAnotherMapOverRowsThatItPutsElsewhere() throws SQLException {
        DatabaseIntent intent = SERVER.intent(CREATE + "; INSERT INTO orders VALUES (" + OWN + ", 1)", ORDERS);
        assertThat(setup.bringTo(intent).ready()).isTrue();
        ShardMap swapped = ShardMap.of(intent.map().version(), HashRanges.even(List.of("s1", "s0")));
        DatabaseIntent other = ShardServer.withMap(intent, swapped);
        DatabaseReport report = setup.bringTo(other);
        assertThat(report.ready()).isFalse();
        assertThat(report.findings())
                .singleElement()
                .returns(Reason.GUARD_FAILED, Finding::reason)
                .satisfies(finding -> assertThat(finding.message()).contains("holds 1 rows"));
        assertThatCode(() -> SERVER.asOwner(intent, "UPDATE orders SET id = 2"))
                .as("the guard of the map under which the rows were written stays")
                .doesNotThrowAnyException();
    }

    @Test
    void stayOffATableThatHoldsRowsOfOtherShardsAlready() throws SQLException {
        DatabaseIntent intent = SERVER.intent(
                CREATE + "; INSERT INTO orders VALUES (" + FOREIGN + ", 1), (" + FOREIGN + ", 2), (" + OWN + ", 1)",
                ORDERS);
        assertThat(setup.bringTo(intent).findings())
                .singleElement()
                .returns(Reason.GUARD_FAILED, Finding::reason)
                .satisfies(finding -> assertThat(finding.message()).contains("holds 2 rows", "public.orders"));
        assertThat(SERVER.value(intent.database(), TRIGGERS)).isEqualTo("0");
    }

    @Test
    void goOnOtherTablesWhenOneIsNotAsDeclared() throws SQLException {
        TableSpec broken = ShardServer.table("broken", "customer", KeyColumnType.BIGINT);
        DatabaseIntent intent = SERVER.intent(CREATE + "; CREATE TABLE broken (customer bigint)", broken, ORDERS);
        assertThat(setup.bringTo(intent).findings()).hasSize(1);
        assertThat(SERVER.value(intent.database(), TRIGGERS)).isEqualTo("3");
    }

    @Test
    void areTakenOffATableThatIsNoLongerDeclared() throws SQLException {
        DatabaseIntent intent = SERVER.intent(CREATE, ORDERS);
        assertThat(setup.bringTo(intent).ready()).isTrue();
        assertThat(setup.bringTo(ShardServer.withTables(intent)).findings()).isEmpty();
        assertThat(SERVER.value(intent.database(), TRIGGERS)).isEqualTo("0");
        SERVER.asOwner(intent, "INSERT INTO orders VALUES (" + FOREIGN + ", 1)");
    }

    @Test
    void arePutBackWhenSomeoneTookThemOff() throws SQLException {
        DatabaseIntent intent = SERVER.intent(CREATE, ORDERS);
        assertThat(setup.bringTo(intent).ready()).isTrue();
        SERVER.asOwner(intent, "DROP TRIGGER mosaic_guard_insert ON orders");
        SERVER.asOwner(intent, "ALTER TABLE orders DISABLE TRIGGER mosaic_guard_delete");
        assertThat(setup.bringTo(intent).findings()).isEmpty();
        assertThat(SERVER.value(intent.database(), TRIGGERS + " AND tgenabled = 'O'"))
                .isEqualTo("3");
    }

    @Test
    void leaveAFrozenShardAloneUntilTheMapChanges() throws SQLException {
        DatabaseIntent intent = SERVER.intent(CREATE + "; INSERT INTO orders VALUES (" + OWN + ", 1)", ORDERS);
        assertThat(setup.bringTo(intent).ready()).isTrue();
        ShardMap elsewhere = ShardMap.of(8, HashRanges.even(List.of("s1")));
        SERVER.asSuperuser(
                intent.database(),
                new GuardChange("s0", 7, 1_000)
                        .freeze(intent.tables().stream()
                                .map(placed -> new GuardChange.Freezing(
                                        placed.guarded(),
                                        Guard.of(placed.map(), "s0"),
                                        Guard.ofOutsider(elsewhere, "s0")))
                                .toList()));
        assertThat(setup.bringTo(intent).findings()).isEmpty();
        assertThat(setup.bringTo(ShardServer.withTables(intent)).findings()).isEmpty();
        assertThatThrownBy(() -> SERVER.asOwner(intent, "DELETE FROM orders"))
                .as("neither a look nor a table that is no longer declared thaws it")
                .hasMessageContaining("keys are moving");

        SERVER.asSuperuser(intent.database(), "INSERT INTO mosaic.moving (stem, split) VALUES ('mosaic_s_1_0', 'x')");
        DatabaseIntent after = ShardServer.withMap(intent, elsewhere);
        assertThat(setup.bringTo(after))
                .returns(8L, DatabaseReport::guardMapVersion)
                .satisfies(report -> assertThat(report.findings())
                        .as("rows that have moved are still there")
                        .isEmpty());
        assertThatThrownBy(() -> SERVER.asOwner(intent, "DELETE FROM orders")).hasMessageContaining("in map version 8");
    }

    @Test
    void recordAVersionThatChangesNothing() throws SQLException {
        DatabaseIntent intent = SERVER.intent(CREATE, ORDERS);
        assertThat(setup.bringTo(intent).ready()).isTrue();
        String triggers = "SELECT string_agg(oid || ':' || xmin, ',' ORDER BY oid) FROM pg_trigger";
        String before = SERVER.value(intent.database(), triggers);
        DatabaseIntent next = ShardServer.withMap(intent, ShardMap.of(8, HashRanges.even(List.of("s0", "s1"))));
        assertThat(setup.bringTo(next))
                .returns(true, DatabaseReport::ready)
                .returns(8L, DatabaseReport::guardMapVersion);
        assertThat(SERVER.value(intent.database(), triggers)).isEqualTo(before);
        assertThatThrownBy(() -> SERVER.asOwner(intent, "INSERT INTO orders VALUES (" + FOREIGN + ", 1)"))
                .hasMessageContaining("in map version 8");
    }

    @Test
    void findTablesByTheirExactNames() throws SQLException {
        TableSpec odd = new TableSpec(
                "Odd \"schema\"", "it's; DROP TABLE orders --", List.of(new KeyColumn("k\"'\\", KeyColumnType.BIGINT)));
        DatabaseIntent intent = SERVER.intent("""
                CREATE TABLE orders (id int);
                CREATE SCHEMA "Odd ""schema\""";
                CREATE TABLE "Odd ""schema\"""."it's; DROP TABLE orders --" ("k""'\\" bigint PRIMARY KEY);
                """, odd);
        assertThat(setup.bringTo(intent).findings()).isEmpty();
        assertThat(SERVER.value(intent.database(), TRIGGERS)).isEqualTo("3");
        assertThat(SERVER.value(intent.database(), "SELECT to_regclass('public.orders')"))
                .isEqualTo("orders");
    }

    private static long keyOf(String shard) {
        return LongStream.range(0, 1_000)
                .filter(key -> ShardServer.MAP.ownerOf(key).equals(shard))
                .findFirst()
                .orElseThrow();
    }
}
