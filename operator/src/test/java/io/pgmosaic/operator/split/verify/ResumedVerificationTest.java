package io.pgmosaic.operator.split.verify;

import io.pgmosaic.operator.split.MovingTable;
import org.junit.jupiter.api.Test;

import java.sql.SQLException;
import java.util.Objects;

import static org.assertj.core.api.Assertions.assertThat;

/** What was compared is not compared again, as long as it counts. */
class ResumedVerificationTest {
    private static final MovingTable ONE = MovingTable.reference("public", "one");
    private static final MovingTable TWO = MovingTable.reference("public", "two");
    private static final String SCHEMA =
            "CREATE TABLE one (id int PRIMARY KEY); CREATE TABLE two (id int PRIMARY KEY, note text);";

    /** Gives up at the second table, as an operator that is killed there. */
    private static final class UntilSecond extends TestWatch {
        @Override
        public boolean cancelled() {
            return !told.isEmpty() && told.getLast().tablesDone() == 1;
        }
    }

    private static StreamedPair filled() throws SQLException {
        StreamedPair pair = new StreamedPair(SCHEMA, ONE, TWO);
        pair.sender.execute(
                "INSERT INTO one SELECT generate_series(1, 500)", "INSERT INTO two SELECT generate_series(1, 300)");
        pair.awaitStream();
        return pair;
    }

    @Test
    void goesOnWithTheNextTable() throws Exception {
        try (StreamedPair pair = filled()) {
            assertThat(pair.verify(false, new UntilSecond())).isInstanceOf(Verdict.Cancelled.class);
            assertThat(pair.receiver.one(
                            "SELECT table_name || ' ' || rows || ' ' || source_term FROM mosaic.moving_table"))
                    .isEqualTo("one 500 3");
            TestWatch watch = new TestWatch();
            Verdict.Verified verified = (Verdict.Verified) pair.verify(false, watch);
            assertThat(verified.rows()).isEqualTo(800);
            assertThat(watch.told).noneMatch(told -> told.table().contains("one"));
            assertThat(watch.told.getLast())
                    .satisfies(last -> assertThat(last.fraction()).isEqualTo(1))
                    .satisfies(last -> assertThat(last.rows()).isEqualTo(300))
                    .satisfies(last -> assertThat(last.tablesDone()).isEqualTo(2));
            assertThat(pair.receiver.one("SELECT verified_source_term || ' ' || verified_target_term || ' '"
                            + " || (verified_position = '" + verified.position().asString() + "') FROM mosaic.moving"))
                    .isEqualTo("3 3 true");
            assertThat(pair.sender.one("SELECT count(*) FROM mosaic.split_marker"))
                    .as("markers do not add up")
                    .isEqualTo("1");
        }
    }

    @Test
    void anotherTermVoidsIt() throws Exception {
        try (StreamedPair pair = filled()) {
            assertThat(pair.verify(false, new UntilSecond())).isInstanceOf(Verdict.Cancelled.class);
            pair.sender.execute("ALTER DATABASE " + pair.sender.database() + " SET mosaic.term = '4'");
            TestWatch watch = new TestWatch();
            assertThat(pair.verify(false, watch)).isInstanceOf(Verdict.Verified.class);
            assertThat(watch.told).anyMatch(told -> told.table().contains("one"));
            assertThat(pair.receiver.one(
                            "SELECT verified_source_term || ' ' || verified_target_term FROM mosaic.moving"))
                    .isEqualTo("4 3");
        }
    }

    @Test
    void anotherCopyVoidsIt() throws Exception {
        try (StreamedPair pair = filled()) {
            assertThat(pair.verify(false, new UntilSecond())).isInstanceOf(Verdict.Cancelled.class);
            TestWatch watch = new TestWatch() {
                @Override
                public void progress(Progress progress) {
                    super.progress(progress);
                    if (progress.tablesDone() == 1) {
                        try {
                            pair.receiver.execute("UPDATE mosaic.moving SET copy_began_at = now()");
                        } catch (SQLException e) {
                            throw new IllegalStateException(e);
                        }
                    }
                }
            };
            assertThat(pair.verify(false, watch)).isInstanceOf(Verdict.Outdated.class);
            assertThat(pair.receiver.one("SELECT count(verified_at) FROM mosaic.moving"))
                    .isEqualTo("0");
            TestWatch again = new TestWatch();
            assertThat(pair.verify(false, again)).isInstanceOf(Verdict.Verified.class);
            assertThat(again.told).anyMatch(told -> told.table().contains("one"));
        }
    }

    @Test
    void nothingWasCopied() throws Exception {
        try (StreamedPair pair = filled()) {
            pair.receiver.execute("UPDATE mosaic.moving SET copied_at = NULL");
            assertThat(pair.verify(false, new TestWatch())).isInstanceOf(Verdict.Outdated.class);
        }
    }

    @Test
    void otherColumnsAreNamed() throws Exception {
        try (StreamedPair pair = filled()) {
            pair.receiver.execute("ALTER TABLE two ADD COLUMN more int");
            String said = Objects.requireNonNull(
                    org.assertj.core.api.Assertions.catchThrowable(() -> pair.verify(false, new TestWatch()))
                            .getMessage());
            assertThat(said).contains("two").contains("more integer");
        }
    }
}
