package io.pgmosaic.operator.split.copy;

import io.pgmosaic.operator.split.MovingTable;
import io.pgmosaic.operator.split.preflight.Preflight;
import io.pgmosaic.operator.split.preflight.PreflightFinding;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;

import static io.pgmosaic.operator.split.copy.TwoDatabases.even;
import static org.assertj.core.api.Assertions.assertThat;

@Timeout(120)
class PreflightTest {
    private static TwoDatabases both;

    @BeforeAll
    static void open() throws Exception {
        both = new TwoDatabases();
    }

    @AfterAll
    static void close() {
        both.close();
    }

    @AfterEach
    void clean() throws SQLException {
        both.clean();
    }

    private static List<PreflightFinding> findings(Preflight.Limits limits, MovingTable... tables) throws SQLException {
        return new Preflight(both.from(), both.to(), List.of(tables), limits).findings();
    }

    private static final Preflight.Limits EASY = new Preflight.Limits(2, 0, Duration.ofMinutes(5), 0, true);

    @Test
    void findsNothingWhereNothingIsWrong() throws Exception {
        both.make("CREATE TABLE countries (id int PRIMARY KEY);"
                + " CREATE TABLE items (id bigint PRIMARY KEY, c int REFERENCES countries);"
                + " CREATE TABLE notes (id bigint, n int, PRIMARY KEY (id, n), FOREIGN KEY (id) REFERENCES items);"
                + " CREATE TABLE parts (id bigint PRIMARY KEY) PARTITION BY RANGE (id);"
                + " CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (10)");
        assertThat(findings(
                        EASY,
                        even("public", "items"),
                        even("public", "notes"),
                        even("public", "parts"),
                        MovingTable.reference("public", "countries")))
                .isEmpty();
    }

    @Test
    void rowsOfUndeclaredTablesAreNotLostWithASourceThatGoes() throws Exception {
        both.make(
                "CREATE TABLE items (id bigint PRIMARY KEY); CREATE TABLE settings (n int); CREATE TABLE empty (n int);"
                        + " CREATE TABLE spread (n int) PARTITION BY RANGE (n)");
        both.source.execute("INSERT INTO settings VALUES (1)");
        assertThat(findings(EASY, even("public", "items")))
                .allSatisfy(finding -> assertThat(finding.isProblem()).isFalse())
                .extracting(PreflightFinding::about)
                .as("what has rows, or may have")
                .containsExactlyInAnyOrder("public.settings", "public.spread");
        assertThat(findings(new Preflight.Limits(2, 0, Duration.ofMinutes(5), 0, false), even("public", "items")))
                .allSatisfy(finding -> {
                    assertThat(finding.isProblem()).isTrue();
                    assertThat(finding.message()).contains("lost with the source");
                    assertThat(finding.advice()).contains("keep a part");
                })
                .extracting(PreflightFinding::about)
                .containsExactlyInAnyOrder("public.settings", "public.empty", "public.spread");
    }

    @Test
    void tellsEverythingAtOnce() throws Exception {
        both.source.asOwner("CREATE TABLE keyless (id bigint); CREATE UNLOGGED TABLE unlogged (id bigint PRIMARY KEY);"
                + " CREATE TABLE stranger (n int PRIMARY KEY); INSERT INTO stranger VALUES (1);"
                + " CREATE TABLE items (id bigint PRIMARY KEY, n int REFERENCES stranger);"
                + " INSERT INTO items VALUES (2, 1);"
                + " CREATE TABLE elsewhere (n int PRIMARY KEY, id bigint);"
                + " CREATE TABLE nothing (id bigint PRIMARY KEY); ALTER TABLE nothing REPLICA IDENTITY NOTHING");
        both.source.execute("CREATE TABLE public.foreign_to_me (id bigint PRIMARY KEY); SELECT lo_create(4711)");
        MovingTable volatileRule = new MovingTable("public", "items", "t.id % 2 = 0", "items.id > random()", false);
        try (Connection old = both.source.connect();
                Statement statement = old.createStatement()) {
            old.setAutoCommit(false);
            statement.execute("SELECT pg_current_xact_id(), pg_sleep(1.2)");
            List<PreflightFinding> findings = findings(
                    new Preflight.Limits(40, 1, Duration.ofSeconds(1), 1, true),
                    even("public", "keyless"),
                    even("public", "unlogged"),
                    volatileRule,
                    even("public", "elsewhere"),
                    even("public", "nothing"),
                    even("public", "foreign_to_me"),
                    even("public", "missing"));
            old.rollback();
            assertThat(findings.stream().filter(PreflightFinding::isProblem))
                    .extracting(PreflightFinding::about)
                    .contains(
                            "\"public\".\"keyless\"",
                            "\"public\".\"unlogged\"",
                            "\"public\".\"items\"",
                            "\"public\".\"elsewhere\"",
                            "\"public\".\"nothing\"",
                            "\"public\".\"foreign_to_me\"",
                            "\"public\".\"missing\"",
                            "max_replication_slots",
                            "max_wal_senders",
                            "max_worker_processes",
                            "standbys",
                            "transactions",
                            "disk",
                            "large objects");
            assertThat(findings)
                    .allSatisfy(
                            finding -> assertThat(finding.advice().isEmpty()).isEqualTo(!finding.isProblem()));
            assertThat(findings)
                    .anySatisfy(finding -> assertThat(finding.message()).contains("foreign key", "stranger"))
                    .anySatisfy(finding -> assertThat(finding.message()).contains("does not take the rule"))
                    .anySatisfy(finding -> assertThat(finding.message()).contains("not in its replica identity"))
                    .anySatisfy(finding -> assertThat(finding).returns(false, PreflightFinding::isProblem));
        } finally {
            both.source.execute("SELECT lo_unlink(4711)");
        }
        assertThat(both.source.value("SELECT count(*) FROM pg_publication")).isEqualTo("0");
    }
}
