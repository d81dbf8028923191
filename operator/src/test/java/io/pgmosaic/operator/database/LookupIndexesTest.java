package io.pgmosaic.operator.database;

import io.pgmosaic.api.v1alpha1.cluster.KeyColumn;
import io.pgmosaic.api.v1alpha1.cluster.KeyColumnType;
import io.pgmosaic.api.v1alpha1.cluster.LookupIndexSpec;
import io.pgmosaic.api.v1alpha1.cluster.ShardingSpec;
import io.pgmosaic.api.v1alpha1.cluster.TableSpec;
import io.pgmosaic.operator.plan.Finding;
import io.pgmosaic.operator.plan.Reason;
import io.pgmosaic.routing.guard.LookupSchema;
import io.pgmosaic.routing.key.Key;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.sql.SQLException;
import java.util.List;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class LookupIndexesTest {
    private static final ShardServer SERVER = ShardServer.shared();
    private static final TableSpec USERS = new TableSpec(
            "public",
            "users",
            List.of(new KeyColumn("id", KeyColumnType.BIGINT)),
            List.of(new LookupIndexSpec("by-email", "email")));
    private static final String CREATE = "CREATE TABLE users (id bigint PRIMARY KEY, email text)";
    private static final long KEY = IntStream.range(0, 100)
            .filter(key -> ShardServer.MAP.ownerOf(Key.bigint(key)).equals("s0"))
            .findFirst()
            .orElseThrow();
    private static final String OWN = value("s0");
    private static final String FOREIGN = value("s1");

    private final DatabaseSetup setup = new DatabaseSetup();

    private static String value(String shard) {
        return IntStream.range(0, 100)
                .mapToObj(number -> "user" + number + "@x")
                .filter(value -> ShardServer.MAP.ownerOf(Key.text(value)).equals(shard))
                .findFirst()
                .orElseThrow();
    }

    private static String reserve(String value) {
        return "SELECT mosaic.lookup_reserve('by-email', '" + value + "', '" + KEY + "', 's0')";
    }

    private static DatabaseIntent intent(String sql) {
        return SERVER.intent(sql, USERS, ShardingSpec.LOOKUP_ENTRIES);
    }

    @Test
    void theTablesOwnerReservesValuesOfTheShardAndWritesThem() throws SQLException {
        DatabaseIntent intent = intent(CREATE);
        assertThat(setup.bringTo(intent))
                .returns(true, DatabaseReport::ready)
                .returns(List.of(), DatabaseReport::findings);
        assertThatThrownBy(() -> SERVER.asOwner(intent, "INSERT INTO users VALUES (" + KEY + ", '" + OWN + "')"))
                .isInstanceOfSatisfying(SQLException.class, refused -> assertThat(refused.getSQLState())
                        .isEqualTo(LookupSchema.NOT_RESERVED));
        assertThatThrownBy(() -> SERVER.asOwner(intent, reserve(FOREIGN)))
                .isInstanceOfSatisfying(SQLException.class, refused -> assertThat(refused.getSQLState())
                        .isEqualTo("MO001"));
        SERVER.asOwner(intent, reserve(OWN));
        SERVER.asOwner(
                intent,
                "DO $$ DECLARE ticket text := mosaic.lookup_ticket('by-email', '" + OWN + "', '" + KEY + "', 's0');"
                        + " BEGIN PERFORM set_config('mosaic.tickets', ticket, true);"
                        + " INSERT INTO users VALUES (" + KEY + ", '" + OWN + "'); END $$");
        assertThat(SERVER.value(intent.database(), "SELECT key FROM mosaic.lookup_find('by-email', '" + OWN + "')"))
                .isEqualTo(Long.toString(KEY));
        assertThat(setup.bringTo(intent).findings()).isEmpty();
    }

    @Test
    void othersDoNothingWithTheIndex() throws SQLException {
        DatabaseIntent intent = intent(CREATE);
        setup.bringTo(intent);
        for (String power : List.of(
                "SELECT mosaic.lookup_reserve('by-email', 'a', '1', 's0')",
                "SELECT mosaic.lookup_signature('by-email', 'a', '1', 's0', 1, 1)",
                "SELECT mosaic.lookup_change('by-email', 'a', '1', NULL, NULL)",
                "SELECT secret FROM mosaic.lookup_secret",
                "SELECT value FROM mosaic.lookup_entries",
                "SELECT * FROM mosaic.lookup_find('by-email', 'a')")) {
            assertThatThrownBy(() -> SERVER.asSuperuser(intent.database(), "SET ROLE mosaic_monitor; " + power))
                    .hasMessageContaining("permission denied");
        }
        for (String power : List.of(
                "SELECT mosaic.lookup_signature('by-email', 'a', '1', 's0', 1, 1)",
                "SELECT secret FROM mosaic.lookup_secret",
                "INSERT INTO mosaic.lookup_held VALUES ('by-email', 'a', '1', 1, 'h', now())",
                "CREATE TABLE fake (v text); CREATE TRIGGER t AFTER INSERT ON fake EXECUTE FUNCTION"
                        + " mosaic.lookup_emptied('by-email')")) {
            assertThatThrownBy(() -> SERVER.asOwner(intent, power)).hasMessageContaining("permission denied");
        }
        assertThatCode(() -> SERVER.asSuperuser(
                        intent.database(),
                        "SET ROLE " + Roles.ROUTER + "; SELECT * FROM mosaic.lookup_find('by-email', 'a')"))
                .doesNotThrowAnyException();
    }

    @Test
    void waitForATableWithoutValues() throws SQLException {
        DatabaseIntent intent = intent(CREATE + "; INSERT INTO users VALUES (" + KEY + ", 'a@x')");
        assertThat(setup.bringTo(intent)).returns(true, DatabaseReport::ready).satisfies(report -> assertThat(
                        report.findings())
                .singleElement()
                .returns(Reason.LOOKUP_INDEX_INCOMPLETE, Finding::reason)
                .satisfies(finding -> assertThat(finding.message()).contains("by-email", "already")));
        assertThatCode(() -> SERVER.asOwner(intent, "UPDATE users SET email = 'b@x'"))
                .as("what runs already goes on")
                .doesNotThrowAnyException();
        SERVER.asOwner(intent, "UPDATE users SET email = NULL");
        assertThat(setup.bringTo(intent).findings()).isEmpty();
        SERVER.asOwner(intent, reserve(OWN));
    }

    @Test
    void findRowsThatSlippedInWhileATriggerWasGone() throws SQLException {
        DatabaseIntent intent = intent(CREATE);
        setup.bringTo(intent);
        SERVER.asOwner(intent, "DROP TRIGGER \"mosaic_lookup_by-email_insert\" ON users");
        SERVER.asOwner(intent, "INSERT INTO users VALUES (" + KEY + ", 'a@x')");
        assertThat(setup.bringTo(intent).findings()).singleElement().satisfies(finding -> assertThat(finding.message())
                .contains("never reserved"));
        assertThatThrownBy(() -> SERVER.asOwner(intent, reserve(OWN))).hasMessageContaining("not complete");
        SERVER.asOwner(intent, "UPDATE users SET email = NULL");
        assertThat(setup.bringTo(intent).findings()).isEmpty();
        SERVER.asOwner(intent, reserve(OWN));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CREATE TABLE users (id bigint PRIMARY KEY)               | has no column email",
                "CREATE TABLE users (id bigint PRIMARY KEY, email int)    | is integer",
                "CREATE DOMAIN d AS text; CREATE TABLE users (id bigint PRIMARY KEY, email d) | is public.d",
                "CREATE TABLE users (id bigint PRIMARY KEY, email text) PARTITION BY HASH (id) | is partitioned",
            })
    void stayOffATableThatIsNotAsDeclared(String create, String words) {
        assertThat(setup.bringTo(intent(create)).findings())
                .singleElement()
                .returns(Reason.LOOKUP_INDEX_INCOMPLETE, Finding::reason)
                .satisfies(finding -> assertThat(finding.message()).contains("by-email", words));
    }
}
