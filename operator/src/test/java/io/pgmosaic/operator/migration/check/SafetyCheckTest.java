package io.pgmosaic.operator.migration.check;

import io.pgmosaic.api.v1alpha1.migration.BackfillSpec;
import io.pgmosaic.api.v1alpha1.migration.SafetyFinding;
import io.pgmosaic.operator.migration.backfill.BackfillWork;
import io.pgmosaic.operator.migration.record.Step;
import io.pgmosaic.operator.migration.sql.SqlStatement;
import io.pgmosaic.operator.split.SplitServer;
import io.pgmosaic.operator.split.schema.SchemaSource;
import io.pgmosaic.operator.split.schema.SchemaSource.Section;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.sql.SQLException;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/** A whole check over two shards. */
@Timeout(120)
class SafetyCheckTest {
    private static final String TABLE = "CREATE TABLE public.orders (id bigint PRIMARY KEY, note text);";
    private static final SchemaSource SCHEMA = section -> section == Section.PRE_DATA ? TABLE : "";

    private static List<SplitServer> servers;

    @BeforeAll
    static void open() throws Exception {
        servers = SplitServer.two();
    }

    @AfterAll
    static void close() {
        servers.reversed().forEach(SplitServer::close);
    }

    @BeforeEach
    void sameEverywhere() throws SQLException {
        for (SplitServer server : servers) {
            server.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public AUTHORIZATION owner");
            server.asOwner(TABLE);
        }
    }

    private static List<SafetyFinding> check(RehearsedStatement... statements) throws Exception {
        return SafetyCheck.run(servers.stream().map(SplitServer::database).toList(), SCHEMA, List.of(statements))
                .orElseThrow()
                .findings();
    }

    private static RehearsedStatement expand(String statement) throws Exception {
        return RehearsedStatement.of(Step.EXPAND, SqlStatement.of(statement));
    }

    private static RehearsedStatement backfill(String set) throws Exception {
        return RehearsedStatement.of(BackfillWork.of(
                new BackfillSpec("public", "orders", set, "note IS NULL -- all", 100, "1s", "5s", null)));
    }

    @Test
    void theShardOnWhichATableIsLargestCounts() throws Exception {
        assertThat(check(expand("CREATE INDEX ON orders (note)"))).isEmpty();
        servers.getLast().asOwner("INSERT INTO orders SELECT n, repeat('x', 1000) FROM generate_series(1, 40000) AS n");
        assertThat(check(expand("CREATE INDEX ON orders (note)")))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.name()).isEqualTo("index-blocks-writes");
                    assertThat(finding.message()).contains("on shard s2");
                });
        assertThat(servers.getLast().value("SELECT count(*) FROM pg_indexes WHERE tablename = 'orders'"))
                .as("nothing is changed")
                .isEqualTo("1");
    }

    @Test
    void tellsWhichTablesTheStatementsUseChangeAndMake() throws Exception {
        SchemaSource schema = section -> section == Section.PRE_DATA
                ? TABLE + "CREATE TABLE public.\"Odd.One\" (id bigint); CREATE TABLE public.used (id bigint);"
                : "";
        List<RehearsedStatement> statements = List.of(
                expand("ALTER TABLE \"Odd.One\" ADD COLUMN note text"),
                expand("CREATE TABLE notes (id bigint)"),
                expand("ALTER TABLE notes RENAME TO remarks"),
                expand("INSERT INTO remarks SELECT id FROM used"));
        assertThat(SafetyCheck.run(servers.stream().map(SplitServer::database).toList(), schema, statements)
                        .orElseThrow()
                        .tables())
                .containsExactlyInAnyOrder("public.Odd.One", "public.notes", "public.remarks", "public.used");
    }

    @Test
    void tablesThatDifferAreNamedWhenTheMigrationTouchesThem() throws Exception {
        servers.getLast()
                .asOwner("ALTER TABLE orders ALTER note SET NOT NULL; CREATE INDEX orders_note ON orders (note)");
        assertThat(check(expand("CREATE TABLE news (id bigint)"))).isEmpty();
        assertThat(check(expand("ALTER TABLE orders ADD COLUMN n int")))
                .satisfiesExactly(
                        column -> assertThat(column.message())
                                .startsWith("column public.orders.note: text on s0; text NOT NULL on s2"),
                        index -> assertThat(index.message()).startsWith("index public.orders_note: "))
                .extracting(SafetyFinding::name)
                .containsOnly("shards-differ");
    }

    @Test
    void aBackfillIsReadByPostgresAndMayChangeManyRows() throws Exception {
        servers.getFirst()
                .asOwner("INSERT INTO orders SELECT n, repeat('x', 1000) FROM generate_series(1, 40000) AS n");
        assertThat(check(expand("ALTER TABLE orders ADD COLUMN total int"), backfill("total = length(note)")))
                .isEmpty();
        assertThat(check(expand("ALTER TABLE orders ADD COLUMN total int"), backfill("sum = length(note)")))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.name()).isEqualTo("cannot-run");
                    assertThat(finding.message()).contains("column \"sum\" of relation \"orders\" does not exist");
                });
    }

    @Test
    void aBackfillThatChangesItsOwnKeyIsRefused() throws Exception {
        assertThat(check(backfill("id = id + 1"))).singleElement().satisfies(finding -> {
            assertThat(finding.name()).isEqualTo("cannot-run");
            assertThat(finding.message()).startsWith("set changes column id of the primary key");
        });
    }

    @Test
    void whatUndoesExpandIsRehearsedAfterIt() throws Exception {
        RehearsedStatement expand = expand("ALTER TABLE orders ADD COLUMN total int");
        RehearsedStatement contract =
                RehearsedStatement.of(Step.CONTRACT, SqlStatement.of("ALTER TABLE orders DROP COLUMN total"));
        assertThat(check(expand, contract, undo("ALTER TABLE orders DROP COLUMN total")))
                .isEmpty();
        assertThat(check(expand, contract, undo("ALTER TABLE orders DROP COLUMN sum")))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.name()).isEqualTo("cannot-run");
                    assertThat(finding.statement()).isEqualTo("ALTER TABLE orders DROP COLUMN sum");
                });
        assertThat(check(expand("ALTER TABLE nothing ADD COLUMN n int"), undo("ALTER TABLE nothing DROP COLUMN n")))
                .as("what stands against expand is said once")
                .hasSize(1);
    }

    private static RehearsedStatement undo(String statement) throws Exception {
        return RehearsedStatement.of(Step.UNDO, SqlStatement.of(statement));
    }

    @Test
    void whatCannotRunCannotBeAccepted() throws Exception {
        SafetyFinding refused =
                check(expand("ALTER TABLE purchases ADD COLUMN n int")).getFirst();
        assertThat(SafetyCheck.isAccepted(refused, List.of(refused.name()))).isFalse();
        SafetyFinding dropped =
                check(expand("ALTER TABLE orders DROP COLUMN note")).getFirst();
        assertThat(SafetyCheck.isAccepted(dropped, List.of())).isFalse();
        assertThat(SafetyCheck.isAccepted(dropped, List.of(dropped.name()))).isTrue();
    }
}
