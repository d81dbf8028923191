package io.pgmosaic.operator.database;

import io.pgmosaic.api.v1alpha1.cluster.KeyColumnType;
import io.pgmosaic.operator.plan.Finding;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.sql.SQLException;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/** Scripts that want to be more than the database's owner: by themselves, or by what they leave for the operator. */
class HostileInitialSqlTest {
    private static final ShardServer SERVER = ShardServer.shared();
    private static final String POWERFUL = "SELECT string_agg(rolname, ',' ORDER BY rolname) FROM pg_roles"
            + " WHERE (rolsuper OR rolcreaterole OR rolreplication OR rolbypassrls) AND rolname !~ '^pg_'";

    private final DatabaseSetup setup = new DatabaseSetup();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "RESET ROLE; ALTER ROLE CURRENT_USER SUPERUSER",
                "SET ROLE NONE; ALTER ROLE CURRENT_USER SUPERUSER",
                "SET ROLE postgres; ALTER ROLE mosaic_setup SUPERUSER",
                "SET ROLE mosaic_move; SET session_replication_role = replica",
                "GRANT mosaic_move TO CURRENT_USER",
                "DELETE FROM mosaic.moving",
                "SET SESSION AUTHORIZATION postgres; ALTER ROLE mosaic_setup SUPERUSER",
                "SET SESSION AUTHORIZATION DEFAULT; ALTER ROLE mosaic_setup SUPERUSER",
                "RESET SESSION AUTHORIZATION; CREATE ROLE evil SUPERUSER",
                "CREATE FUNCTION f() RETURNS void LANGUAGE sql SECURITY DEFINER AS 'ALTER ROLE mosaic_setup SUPERUSER'; SELECT f()",
                "CREATE FUNCTION f() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN EXECUTE ''ALTER ROLE mosaic_setup SUPERUSER''; END';"
                        + " CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION f()",
                "COPY (SELECT 1) TO PROGRAM 'true'",
                "SELECT pg_read_file('PG_VERSION')",
                "GRANT postgres TO CURRENT_USER",
                "SET session_replication_role = replica",
                "ALTER FUNCTION mosaic.init_sql_begins(text) OWNER TO CURRENT_USER",
                "CREATE OR REPLACE FUNCTION mosaic.init_sql_finished() RETURNS void LANGUAGE sql AS 'SELECT'",
                "CREATE TABLE mosaic.mine (id int)",
                "DELETE FROM mosaic.init_sql",
                "UPDATE mosaic.shard_map SET version = 0",
                "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET mosaic.instance = mine', current_database()); END $$",
                "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET mosaic.term = 99', current_database()); END $$",
                "ALTER ROLE CURRENT_USER SET mosaic.instance = mine",
            })
    void areRefusedMorePower(String script) throws SQLException {
        DatabaseIntent intent = SERVER.intent(script);
        assertThat(setup.bringTo(intent).ready()).isFalse();
        assertThat(setup.bringTo(intent).ready()).isFalse();
        assertThat(SERVER.value("postgres", POWERFUL)).isEqualTo("mosaic_move,postgres");
    }

    /** What a script may create, but no session of the superuser may run. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE FUNCTION public.pg_database_size(name) RETURNS bigint LANGUAGE plpgsql AS $f$ %s $f$",
                "CREATE FUNCTION public.current_setting(text, boolean) RETURNS text LANGUAGE plpgsql AS $f$ %s $f$",
                "CREATE FUNCTION public.format_type(oid, integer) RETURNS text LANGUAGE plpgsql AS $f$ %s $f$",
                "CREATE FUNCTION public.count(bigint) RETURNS bigint LANGUAGE plpgsql AS $f$ %s $f$",
                "CREATE FUNCTION public.format(text, text) RETURNS text LANGUAGE plpgsql AS $f$ %s $f$",
                "CREATE FUNCTION public.eq(name, text) RETURNS bigint LANGUAGE plpgsql AS $f$ %s $f$;"
                        + " CREATE OPERATOR public.= (LEFTARG = name, RIGHTARG = text, FUNCTION = public.eq)",
                "CREATE FUNCTION public.eq(name, varchar) RETURNS bigint LANGUAGE plpgsql AS $f$ %s $f$;"
                        + " CREATE OPERATOR public.= (LEFTARG = name, RIGHTARG = varchar, FUNCTION = public.eq)",
                "CREATE FUNCTION public.ge(bigint, bigint) RETURNS bigint LANGUAGE plpgsql AS $f$ %s $f$;"
                        + " CREATE OPERATOR public.>= (LEFTARG = bigint, RIGHTARG = bigint, FUNCTION = public.ge)",
                "CREATE FUNCTION public.evil() RETURNS bigint LANGUAGE plpgsql AS $f$ %s $f$;"
                        + " CREATE VIEW public.pg_class AS SELECT public.evil() AS oid;"
                        + " CREATE VIEW public.pg_database AS SELECT public.evil() AS datname",
                "CREATE FUNCTION public.evil() RETURNS bigint LANGUAGE plpgsql AS $f$ %s $f$;"
                        + " DROP TABLE orders; CREATE VIEW public.orders AS SELECT public.evil() AS id",
                "CREATE FUNCTION public.evil() RETURNS bigint LANGUAGE plpgsql AS $f$ %s $f$;"
                        + " ALTER TABLE orders ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;"
                        + " CREATE POLICY p ON orders USING (public.evil() = 1)",
            })
    void leaveNothingThatTheSuperuserRuns(String trap) throws SQLException {
        String harm = "BEGIN IF (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user) THEN"
                + " CREATE ROLE evil SUPERUSER; END IF;"
                + " IF current_user = 'mosaic_monitor' THEN RAISE EXCEPTION 'caught'; END IF; RETURN NULL; END";
        DatabaseIntent intent = SERVER.intent(
                "CREATE TABLE orders (id bigint PRIMARY KEY); " + trap.formatted(harm),
                ShardServer.table("orders", "id", KeyColumnType.BIGINT));
        SERVER.asSuperuser("postgres", "CREATE ROLE " + intent.owner());
        setup.bringTo(intent);
        SERVER.asOwner(intent, "ALTER DATABASE " + intent.database() + " SET search_path = public, pg_catalog");
        for (String role : List.of("postgres", "mosaic_monitor", "mosaic_setup")) {
            SERVER.asSuperuser(
                    "postgres",
                    "ALTER ROLE " + role + " IN DATABASE " + intent.database()
                            + " SET search_path = public, pg_catalog");
        }
        for (DatabaseSetup operator : List.of(setup, new DatabaseSetup(), setup)) {
            DatabaseReport report = operator.bringTo(intent);
            assertThat(report.initialSqlChecksum())
                    .as("the trap is set: %s", report)
                    .isNotNull();
            assertThat(report.findings())
                    .extracting(Finding::message)
                    .as("nor does the role that looks")
                    .noneMatch(message -> message.contains("caught"));
        }
        assertThat(SERVER.value("postgres", POWERFUL)).isEqualTo("mosaic_move,postgres");
    }
}
