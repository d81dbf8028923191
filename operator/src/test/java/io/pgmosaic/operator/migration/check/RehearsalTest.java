package io.pgmosaic.operator.migration.check;

import io.pgmosaic.api.v1alpha1.migration.SafetyFinding;
import io.pgmosaic.operator.migration.record.Step;
import io.pgmosaic.operator.migration.sql.SqlStatement;
import io.pgmosaic.operator.split.SplitServer;
import io.pgmosaic.operator.split.schema.SchemaSource;
import io.pgmosaic.operator.split.schema.SchemaSource.Section;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What PostgreSQL does for a statement, and what a person is told of it. */
@Timeout(120)
class RehearsalTest {
    private static final String PRE_DATA = """
            SET check_function_bodies = false; SELECT pg_catalog.set_config('search_path', '', false);
            CREATE TABLE public.orders (id bigint NOT NULL, customer_id bigint, note text, amount int DEFAULT 0,
              state varchar(8), tag text);
            CREATE TABLE public.customers (id bigint NOT NULL, email text);
            CREATE TABLE public.days (day date NOT NULL, n int) PARTITION BY RANGE (day);
            CREATE TABLE public.old_days (day date NOT NULL, n int);
            """;

    private static final String POST_DATA = """
            ALTER TABLE ONLY public.orders ADD CONSTRAINT orders_pkey PRIMARY KEY (id);
            ALTER TABLE ONLY public.customers ADD CONSTRAINT customers_pkey PRIMARY KEY (id);
            CREATE INDEX orders_tag ON public.orders (tag);
            """;

    private static final SchemaSource SCHEMA = section -> section == Section.PRE_DATA ? PRE_DATA : POST_DATA;

    private static List<SplitServer> servers;

    @BeforeAll
    static void open() throws Exception {
        servers = SplitServer.two();
    }

    @AfterAll
    static void close() {
        servers.reversed().forEach(SplitServer::close);
    }

    private static List<SafetyFinding> findings(Step step, TableSizes sizes, String... statements) throws Exception {
        List<RehearsedStatement> read = new ArrayList<>();
        for (String statement : statements) {
            read.add(RehearsedStatement.of(step, SqlStatement.of(statement)));
        }
        try (RehearsalDatabase database = RehearsalDatabase.make(
                                servers.getFirst().database(), SCHEMA)
                        .orElseThrow();
                Connection session = database.open()) {
            return new Rehearsal(session, sizes).of(read).findings();
        }
    }

    private static TableSizes big() {
        TableSizes sizes = new TableSizes();
        for (String table : List.of("public.orders", "public.customers", "public.days", "public.old_days")) {
            sizes.add(table, "s0", 1 << 20);
            sizes.add(table, "s1", 5L << 30);
        }
        return sizes;
    }

    private static List<String> names(List<SafetyFinding> findings) {
        return findings.stream().map(SafetyFinding::name).toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rewrites-table      | ALTER TABLE orders ALTER amount TYPE bigint",
                "rewrites-table      | ALTER TABLE orders ADD COLUMN seen timestamptz DEFAULT clock_timestamp()",
                "rewrites-table      | ALTER TABLE orders ADD COLUMN n bigserial",
                "rewrites-table      | ALTER TABLE orders ALTER amount TYPE int USING abs(amount)",
                "rebuilds-index      | ALTER TABLE orders ALTER tag TYPE text COLLATE \"C\"",
                "index-blocks-writes | CREATE INDEX orders_note ON orders (note)",
                "index-blocks-writes | ALTER TABLE orders ADD UNIQUE (note)",
                "not-null-scans      | ALTER TABLE orders ALTER note SET NOT NULL",
                "check-scans         | ALTER TABLE orders ADD CHECK (amount >= 0)",
                "foreign-key-scans   | ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customers",
                "scans-under-lock    | ALTER TABLE days ATTACH PARTITION old_days FOR VALUES FROM ('2020-01-01') TO ('2021-01-01')",
                "changes-rows        | UPDATE orders SET note = ''",
                "changes-rows        | DO $$ BEGIN DELETE FROM orders WHERE amount < 0; END $$",
                "column-without-default | ALTER TABLE orders ADD COLUMN kind text NOT NULL"
            })
    void namesWhatHurtsABigTable(String name, String statement) throws Exception {
        List<SafetyFinding> found = findings(Step.CONTRACT, big(), statement);
        assertThat(names(found)).containsExactly(name);
        assertThat(found.getFirst().statement()).isEqualTo(statement);
        assertThat(found.getFirst().message()).isNotBlank();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ALTER TABLE orders ADD COLUMN preferences jsonb",
                "ALTER TABLE orders ADD COLUMN kind text NOT NULL DEFAULT 'plain'",
                "ALTER TABLE orders ALTER state TYPE text",
                "ALTER TABLE orders ALTER amount SET DEFAULT 1",
                "CREATE INDEX CONCURRENTLY orders_note ON orders (note)",
                "ALTER TABLE orders ADD CHECK (amount >= 0) NOT VALID",
                "ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customers NOT VALID",
                "CREATE TABLE news (id bigint PRIMARY KEY, order_id bigint)",
                "INSERT INTO customers VALUES (1, 'first')",
                "VACUUM orders"
            })
    void saysNothingOfWhatHurtsNobody(String statement) throws Exception {
        assertThat(findings(Step.CONTRACT, big(), statement)).isEmpty();
    }

    @Test
    void theSafeWaysAreSafe() throws Exception {
        assertThat(findings(
                        Step.CONTRACT,
                        big(),
                        "ALTER TABLE orders ADD CONSTRAINT note_there CHECK (note IS NOT NULL) NOT VALID",
                        "ALTER TABLE orders VALIDATE CONSTRAINT note_there",
                        "ALTER TABLE orders ALTER note SET NOT NULL",
                        "ALTER TABLE orders DROP CONSTRAINT note_there",
                        "CREATE UNIQUE INDEX CONCURRENTLY orders_note ON orders (note)",
                        "ALTER TABLE orders ADD CONSTRAINT orders_note UNIQUE USING INDEX orders_note"))
                .isEmpty();
    }

    @Test
    void smallTablesAndThoseThatTheMigrationMakesMayBeLocked() throws Exception {
        TableSizes small = new TableSizes();
        small.add("public.orders", "s0", 8192);
        assertThat(findings(
                        Step.EXPAND,
                        small,
                        "ALTER TABLE orders ALTER note SET NOT NULL",
                        "UPDATE orders SET note = ''"))
                .isEmpty();
        assertThat(findings(
                        Step.EXPAND,
                        big(),
                        "CREATE TABLE news (id bigint)",
                        "CREATE INDEX ON news (id)",
                        "ALTER TABLE news RENAME id TO number",
                        "DROP TABLE news"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "drops-in-expand        | ALTER TABLE orders DROP COLUMN note",
                "drops-in-expand        | DROP TABLE customers",
                "renames-in-expand      | ALTER TABLE orders RENAME note TO remark",
                "renames-in-expand      | ALTER TABLE orders RENAME TO purchases",
                "renames-in-expand      | ALTER TABLE customers SET SCHEMA elsewhere",
                "changes-type-in-expand | ALTER TABLE orders ALTER state TYPE text"
            })
    void namesInExpandWhatTheOldApplicationDoesNotExpect(String name, String statement) throws Exception {
        TableSizes none = new TableSizes();
        assertThat(names(findings(Step.EXPAND, none, "CREATE SCHEMA elsewhere", statement)))
                .containsExactly(name);
        assertThat(findings(Step.CONTRACT, none, "CREATE SCHEMA elsewhere", statement))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "42601 | CREATE TABLE news (id bigint) ENGINE=InnoDB",
                "42P01 | ALTER TABLE purchases ADD COLUMN n int",
                "42501 | CREATE EXTENSION pageinspect",
                "2D000 | DO $$ BEGIN COMMIT; END $$"
            })
    void whatPostgresRefusesEndsTheRehearsal(String state, String statement) throws Exception {
        List<SafetyFinding> found =
                findings(Step.EXPAND, big(), "ALTER TABLE orders ADD COLUMN n int", statement, "DROP TABLE orders");
        assertThat(names(found)).containsExactly("cannot-run");
        assertThat(found.getFirst().message()).contains("SQLSTATE " + state);
    }

    @Test
    void tellsTheSizeAndTheSafeWay() throws Exception {
        assertThat(findings(Step.EXPAND, big(), "CREATE INDEX ON orders (note)"))
                .singleElement()
                .extracting(SafetyFinding::message)
                .asString()
                .startsWith("public.orders has 5120 MiB on shard s1 and takes no writes")
                .contains("CREATE INDEX CONCURRENTLY");
    }

    @Test
    void thereIsOneAtATimeAndNothingIsLeft() throws Exception {
        try (RehearsalDatabase first =
                RehearsalDatabase.make(servers.getFirst().database(), SCHEMA).orElseThrow()) {
            assertThat(RehearsalDatabase.make(servers.getFirst().database(), SCHEMA))
                    .isEqualTo(Optional.empty());
            try (Connection session = first.open()) {
                assertThat(session.isValid(1)).isTrue();
            }
        }
        assertThat(servers.getFirst()
                        .value("SELECT count(*) FROM pg_database WHERE datname = '" + RehearsalDatabase.NAME + "'"))
                .isEqualTo("0");
    }

    @Test
    void aDatabaseThatAnOperatorLeftIsNoHindrance() throws Exception {
        servers.getFirst().execute("CREATE DATABASE " + RehearsalDatabase.NAME);
        assertThat(findings(Step.EXPAND, big(), "CREATE TABLE news (id bigint)"))
                .isEmpty();
    }

    @Test
    void aSchemaThatTheOwnerCannotMakeIsSaidSo() throws Exception {
        assertThatThrownBy(() -> RehearsalDatabase.make(
                        servers.getFirst().database(),
                        section -> section == Section.PRE_DATA ? "CREATE EXTENSION pageinspect" : ""))
                .isInstanceOf(NoRehearsalException.class)
                .hasMessageContaining("schema of shard s0 cannot be made for a rehearsal as owner");
        assertThat(findings(Step.EXPAND, big(), "CREATE TABLE news (id bigint)"))
                .isEmpty();
    }
}
