package io.pgmosaic.operator.database;

import io.pgmosaic.api.v1alpha1.cluster.KeyColumnType;
import io.pgmosaic.api.v1alpha1.cluster.TableSpec;
import io.pgmosaic.operator.pki.CertificateAuthority;
import io.pgmosaic.operator.plan.Finding;
import io.pgmosaic.operator.plan.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class DatabaseSetupTest {
    private static final ShardServer SERVER = ShardServer.shared();
    private static final String ROLES_WITH_POWER = "SELECT string_agg(rolname, ',' ORDER BY rolname) FROM pg_roles"
            + " WHERE (rolsuper OR rolcreaterole OR rolreplication OR rolbypassrls) AND rolname !~ '^pg_'";

    private static final TableSpec ORDERS = ShardServer.table("orders", "id", KeyColumnType.BIGINT);

    private final DatabaseSetup setup = new DatabaseSetup();

    @Test
    void createsRolesDatabaseAndSchema() throws SQLException {
        DatabaseIntent intent = SERVER.intent(null);
        assertThat(setup.bringTo(intent)).satisfies(report -> {
            assertThat(report.ready()).isTrue();
            assertThat(report.findings()).isEmpty();
            assertThat(report.size())
                    .isNotNull()
                    .extracting(DatabaseSize::bytes)
                    .satisfies(bytes -> assertThat(bytes).isPositive());
            assertThat(report.initialSqlChecksum()).isNull();
        });
        assertThat(SERVER.value(
                        "postgres",
                        "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = '" + intent.database() + "'"))
                .isEqualTo(intent.owner());
        assertThat(SERVER.value("postgres", ROLES_WITH_POWER)).isEqualTo("mosaic_move,postgres");
        assertThatCode(() -> SERVER.asOwner(intent, "CREATE TABLE t (id int)")).doesNotThrowAnyException();
    }

    @Test
    void visitsADatabaseThatIsAsItShouldBeWithoutTheSuperuser() throws SQLException {
        DatabaseIntent intent = SERVER.intent("CREATE TABLE t (id bigint PRIMARY KEY)", ORDERS);
        DatabaseIntent lockedOut = withSuperuserPassword(intent, "not this one");
        assertThat(setup.bringTo(lockedOut).ready()).as("it has to be made").isFalse();
        assertThat(setup.bringTo(intent).ready()).isTrue();
        assertThat(setup.bringTo(lockedOut)).satisfies(report -> {
            assertThat(report.ready()).as("%s", report.findings()).isTrue();
            assertThat(report.findings()).extracting(Finding::reason).containsExactly(Reason.TABLE_MISSING);
            assertThat(report.size())
                    .isNotNull()
                    .extracting(DatabaseSize::bytes)
                    .satisfies(bytes -> assertThat(bytes).isPositive());
            assertThat(report.initialSqlChecksum()).isNotNull();
        });
        SERVER.asOwner(intent, "CREATE TABLE public.orders (id bigint PRIMARY KEY)");
        assertThat(setup.bringTo(lockedOut).ready())
                .as("there is something to change")
                .isFalse();
        assertThat(setup.bringTo(intent).findings()).isEmpty();
    }

    @Test
    void goesOnAsTheSuperuserWhereNobodyElseIsAdmitted() throws SQLException {
        DatabaseIntent intent = SERVER.intent(null);
        assertThat(setup.bringTo(intent).ready()).isTrue();
        SERVER.asOwner(intent, "REVOKE CONNECT ON DATABASE " + intent.database() + " FROM PUBLIC");
        assertThat(setup.bringTo(intent).ready()).isTrue();
        assertThat(setup.bringTo(withSuperuserPassword(intent, "not this one")).ready())
                .isFalse();
    }

    @Test
    void letsRoutersInWhereTheOwnerLetsNobodyInButToReadNothing() throws SQLException {
        DatabaseIntent intent = SERVER.intent("CREATE TABLE public.t (id bigint PRIMARY KEY)");
        assertThat(setup.bringTo(intent).ready()).isTrue();
        SERVER.asOwner(intent, "REVOKE CONNECT ON DATABASE " + intent.database() + " FROM PUBLIC");
        try (Connection router = new Connections(intent.server())
                        .owner(intent.database(), "mosaic_router", ShardServer.ROUTER_PASSWORD);
                Statement statement = router.createStatement()) {
            assertThatThrownBy(() -> statement.execute("SELECT FROM public.t"))
                    .hasMessageContaining("permission denied");
            assertThatThrownBy(() -> statement.execute("SELECT FROM mosaic.guard"))
                    .hasMessageContaining("permission denied");
            assertThatThrownBy(() -> statement.execute("CREATE TEMPORARY TABLE x (id int)"))
                    .hasMessageContaining("read-only");
        }
        assertThat(SERVER.value("postgres", "SELECT rolconnlimit FROM pg_roles WHERE rolname = 'mosaic_router'"))
                .isEqualTo("20");
    }

    @Test
    void makesARoleThatMovesRows() throws SQLException {
        DatabaseIntent intent = SERVER.intent("CREATE TABLE public.t (id bigint PRIMARY KEY);"
                + " ALTER TABLE public.t ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY");
        assertThat(setup.bringTo(intent).ready()).isTrue();
        SERVER.asOwner(intent, "REVOKE CONNECT ON DATABASE " + intent.database() + " FROM PUBLIC");
        try (Connection move = new Connections(intent.server())
                        .owner(
                                intent.database(),
                                "mosaic_move",
                                intent.passwords().move());
                Statement statement = move.createStatement()) {
            statement.execute("SET session_replication_role = replica; INSERT INTO public.t VALUES (1)");
            try (ResultSet row = statement.executeQuery("SELECT count(*) FROM public.t")) {
                row.next();
                assertThat(row.getLong(1)).isEqualTo(1);
            }
            assertThatThrownBy(() -> statement.execute("DELETE FROM mosaic.moving"))
                    .hasMessageContaining("permission denied");
        }
    }

    private static DatabaseIntent withSuperuserPassword(DatabaseIntent intent, String password) {
        return new DatabaseIntent(
                intent.cluster(),
                intent.shard(),
                intent.server(),
                intent.database(),
                intent.owner(),
                new DatabaseIntent.Passwords(
                        password,
                        intent.passwords().setup(),
                        intent.passwords().monitor(),
                        intent.passwords().router(),
                        intent.passwords().owner()),
                intent.initialSql(),
                intent.map(),
                intent.tables());
    }

    @Test
    void followsAChangedPassword() {
        DatabaseIntent intent = SERVER.intent(null);
        assertThat(setup.bringTo(intent).ready()).isTrue();
        DatabaseIntent changed = new DatabaseIntent(
                intent.cluster(),
                intent.shard(),
                intent.server(),
                intent.database(),
                intent.owner(),
                new DatabaseIntent.Passwords(
                        ShardServer.SUPERUSER_PASSWORD, "of the setup", "of the monitor", "of the router", "new"),
                null,
                intent.map(),
                intent.tables());
        assertThat(changed.fingerprint()).isNotEqualTo(intent.fingerprint());
        assertThat(setup.bringTo(changed).ready()).isTrue();
        assertThatCode(() -> SERVER.asOwner(changed, "SELECT 1")).doesNotThrowAnyException();
        assertThatThrownBy(() -> SERVER.asOwner(intent, "SELECT 1")).hasMessageContaining("password");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a b", "it's", "say \"hi\"", "x'; DROP ROLE postgres; --", "back\\slash", "Ünï→", "$$", "a=b c"})
    void takesNamesByTheLetter(String name) throws SQLException {
        DatabaseIntent intent = SERVER.intent("d " + name, "o " + name, "CREATE TABLE t (id int)");
        assertThat(setup.bringTo(intent).findings()).isEmpty();
        assertThat(setup.bringTo(intent).findings()).isEmpty();
        assertThat(SERVER.value(intent.database(), "SELECT tableowner FROM pg_tables WHERE tablename = 't'"))
                .isEqualTo(intent.owner());
        assertThat(SERVER.value(intent.database(), "SELECT current_database()")).isEqualTo(intent.database());
    }

    @Test
    void touchesNothingOnAServerThatIsAnother() throws SQLException {
        DatabaseServer right = SERVER.address();
        DatabaseIntent intent = SERVER.intent(null);
        for (DatabaseServer wrong : new DatabaseServer[] {
            new DatabaseServer("orders-s0-1", 3, right.address(), right.port(), right.authorityPem()),
            new DatabaseServer("orders-s0-0", 2, right.address(), right.port(), right.authorityPem()),
            new DatabaseServer("orders-s0-0", 4, right.address(), right.port(), right.authorityPem()),
        }) {
            assertThat(failure(ShardServer.at(intent, wrong)))
                    .contains(
                            "expected " + wrong.instance() + " in term " + wrong.term(), "found orders-s0-0 in term 3");
        }
        assertThat(SERVER.value("postgres", "SELECT count(*) FROM pg_roles WHERE rolname = '" + intent.owner() + "'"))
                .isEqualTo("0");
    }

    @Test
    void givesNoPasswordToAServerOfAnotherAuthority() throws GeneralSecurityException {
        DatabaseServer right = SERVER.address();
        String other = CertificateAuthority.create("orders", Instant.now(), Duration.ofDays(1))
                .certificate();
        DatabaseServer wrong = new DatabaseServer(right.instance(), right.term(), right.address(), right.port(), other);
        assertThat(failure(ShardServer.at(SERVER.intent(null), wrong))).containsIgnoringCase("ssl error");
    }

    /** Whoever owns the database can say how its sessions begin; the operator's must not be among them. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "role = 'mosaic_setup'",
                "default_transaction_read_only = on",
                "search_path = public, pg_catalog",
                "standard_conforming_strings = off",
                "statement_timeout = '1ms'",
                "lock_timeout = '1ms'",
            })
    void isNotLedAstrayByTheDatabasesOwnSettings(String setting) throws SQLException {
        DatabaseIntent intent = SERVER.intent(
                "CREATE TABLE t (id bigint PRIMARY KEY)", ShardServer.table("t", "id", KeyColumnType.BIGINT));
        assertThat(setup.bringTo(intent).ready()).isTrue();
        SERVER.asOwner(
                intent,
                "ALTER DATABASE " + intent.database() + " SET " + setting + "; DROP TRIGGER mosaic_guard_insert ON t");
        assertThat(setup.bringTo(intent).findings()).isEmpty();
    }

    @Test
    void pinsTheSearchPathOfTheSuperuser() throws SQLException {
        DatabaseIntent intent = SERVER.intent(null);
        assertThat(setup.bringTo(intent).ready()).isTrue();
        try (Connection superuser =
                        new Connections(intent.server()).superuser(intent.database(), ShardServer.SUPERUSER_PASSWORD);
                Statement statement = superuser.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT current_setting('search_path'), current_setting('restrict_nonsystem_relation_kind', true)")) {
            row.next();
            assertThat(row.getString(1)).isEqualTo("pg_catalog");
            // Absent in minor releases that do not have the parameter yet.
            assertThat(row.getString(2)).isIn("view", null, "");
        }
    }

    private String failure(DatabaseIntent intent) {
        DatabaseReport report = setup.bringTo(intent);
        assertThat(report.ready()).isFalse();
        assertThat(report.findings()).singleElement().returns(Reason.DATABASE_SETUP_FAILED, Finding::reason);
        return report.findings().getFirst().message();
    }
}
