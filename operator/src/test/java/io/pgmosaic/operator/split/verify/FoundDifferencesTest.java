package io.pgmosaic.operator.split.verify;

import io.pgmosaic.operator.split.MovingTable;
import org.junit.jupiter.api.Test;

import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/** Each way in which a row can be another one is found, told by its key and columns, and repaired. */
class FoundDifferencesTest {
    private static final String SCHEMA = """
            CREATE COLLATION loose (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
            CREATE TABLE "Odd "" Table" (
              id bigint, "part'" text COLLATE loose, note text, amount numeric, ratio float8, at timestamptz, raw bytea,
              name text COLLATE loose, many int[], twice numeric GENERATED ALWAYS AS (amount * 2) STORED,
              PRIMARY KEY (id, "part'"));
            """;
    private static final MovingTable ODD =
            new MovingTable("public", "Odd \" Table", "t.id % 2 = 0", "id % 2 = 0", false);
    private static final String TABLE = ODD.qualifiedName();

    @Test
    void everyKind() throws Exception {
        try (StreamedPair pair = new StreamedPair(SCHEMA, ODD)) {
            pair.sender.execute(
                    "INSERT INTO " + TABLE
                            + " SELECT i, 'Part', 'note', 1.0, 0, '2026-01-01', '\\xff', 'Name', '{1,2}' FROM generate_series(1, 3000) i");
            pair.sender.execute(
                    "UPDATE " + TABLE
                            + " SET note = (SELECT string_agg(md5(i::text), '') FROM generate_series(1, 2000) AS i) WHERE id = 16");
            pair.awaitStream();
            assertThat(pair.verify(false, new TestWatch())).isInstanceOf(Verdict.Verified.class);
            pair.forget();
            pair.receiver.damage(
                    "DELETE FROM " + TABLE + " WHERE id = 2",
                    "INSERT INTO " + TABLE + " (id, \"part'\") VALUES (4000, 'x'), (5, 'odd')",
                    "UPDATE " + TABLE + " SET note = NULL WHERE id = 4",
                    "UPDATE " + TABLE + " SET note = '' WHERE id = 6",
                    "UPDATE " + TABLE + " SET amount = 1.00 WHERE id = 8",
                    "UPDATE " + TABLE + " SET ratio = '-0' WHERE id = 10",
                    "UPDATE " + TABLE + " SET ratio = 'NaN' WHERE id = 12",
                    "UPDATE " + TABLE + " SET name = 'name' WHERE id = 14",
                    "UPDATE " + TABLE + " SET note = overlay(note PLACING '!' FROM 40000 FOR 1) WHERE id = 16",
                    "UPDATE " + TABLE + " SET at = at + interval '1 microsecond', raw = '\\xfe' WHERE id = 18",
                    "UPDATE " + TABLE + " SET \"part'\" = 'part' WHERE id = 20",
                    "UPDATE " + TABLE + " SET many = '[0:1]={1,2}' WHERE id = 22");
            Verdict.Different found = (Verdict.Different) pair.verify(false, new TestWatch());
            assertThat(found.isComplete()).isTrue();
            assertThat(found.differences().stream().map(FoundDifferencesTest::shown))
                    .containsExactlyInAnyOrder(
                            "MISSING [2, Part] []",
                            "EXTRA [4000, x] []",
                            "EXTRA [5, odd] []",
                            "CHANGED [4, Part] [note]",
                            "CHANGED [6, Part] [note]",
                            "CHANGED [8, Part] [amount, twice]",
                            "CHANGED [10, Part] [ratio]",
                            "CHANGED [12, Part] [ratio]",
                            "CHANGED [14, Part] [name]",
                            "CHANGED [16, Part] [note]",
                            "CHANGED [18, Part] [at, raw]",
                            "MISSING [20, Part] []",
                            "EXTRA [20, part] []",
                            "CHANGED [22, Part] [many]");
            assertThat(found.count()).isEqualTo(14);
            assertThat(pair.receiver.one("SELECT count(verified_at) FROM mosaic.moving"))
                    .as("what an earlier comparison said does not hold any more")
                    .isEqualTo("0");
            assertThat(pair.receiver.one("SELECT count(*) FROM mosaic.moving_table"))
                    .isEqualTo("0");

            Verdict.Verified repaired = (Verdict.Verified) pair.verify(true, new TestWatch());
            assertThat(repaired.repaired()).isEqualTo(14);
            assertThat(repaired.rows()).isEqualTo(1_500);
            pair.forget();
            assertThat(((Verdict.Verified) pair.verify(false, new TestWatch())).repaired())
                    .isZero();
        }
    }

    /** Two more of the same would be nothing to exclusive or. */
    @Test
    void copiesOfARow() throws Exception {
        MovingTable plain = MovingTable.reference("public", "plain");
        try (StreamedPair pair = new StreamedPair("CREATE TABLE plain (id int PRIMARY KEY, note text)", plain)) {
            pair.sender.execute("INSERT INTO plain SELECT i, 'note' FROM generate_series(1, 100) AS i");
            pair.awaitStream();
            pair.receiver.damage(
                    "ALTER TABLE plain DROP CONSTRAINT plain_pkey",
                    "INSERT INTO plain SELECT id, note FROM plain, generate_series(1, 2) WHERE id = 7");
            Verdict.Different found = (Verdict.Different) pair.verify(false, new TestWatch());
            assertThat(found.differences().stream().map(FoundDifferencesTest::shown))
                    .isEqualTo(List.of("CHANGED [7] []"));
            assertThat(((Verdict.Verified) pair.verify(true, new TestWatch())).repaired())
                    .isEqualTo(1);
            assertThat(pair.receiver.one("SELECT count(*) FROM plain WHERE id = 7"))
                    .isEqualTo("1");
        }
    }

    /** Of partitions with columns in another order. */
    @Test
    void partitions() throws Exception {
        MovingTable events = new MovingTable("public", "events", "t.id < 1000", "id < 1000", false);
        try (StreamedPair pair = new StreamedPair("""
                CREATE TABLE events (id int, at date, note text, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
                CREATE TABLE early PARTITION OF events FOR VALUES FROM (MINVALUE) TO ('2026-01-01');
                CREATE TABLE late (note text, gone int, at date NOT NULL, id int NOT NULL);
                ALTER TABLE late DROP COLUMN gone;
                ALTER TABLE events ATTACH PARTITION late FOR VALUES FROM ('2026-01-01') TO (MAXVALUE);
                """, events)) {
            pair.sender.execute(
                    "INSERT INTO events SELECT i, date '2025-12-01' + i % 60, 'note' FROM generate_series(1, 2000) AS i");
            pair.awaitStream();
            pair.receiver.damage("DELETE FROM late WHERE id IN (50, 51)", "UPDATE early SET note = 'x' WHERE id = 3");
            Verdict.Different found = (Verdict.Different) pair.verify(false, new TestWatch());
            assertThat(found.differences().stream().map(FoundDifferencesTest::shown))
                    .containsExactlyInAnyOrder(
                            "MISSING [50, 2026-01-20] []",
                            "MISSING [51, 2026-01-21] []",
                            "CHANGED [3, 2025-12-04] [note]");
            assertThat(((Verdict.Verified) pair.verify(true, new TestWatch())).rows())
                    .isEqualTo(999);
        }
    }

    private static String shown(RowDifference difference) {
        return difference.kind() + " " + difference.key() + " " + difference.columns();
    }
}
