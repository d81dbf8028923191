package io.pgmosaic.operator.split.verify;

import io.pgmosaic.operator.split.MovingTable;
import org.junit.jupiter.api.Test;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/** Rows that were written around the marker are known by who wrote them, and the sums of the rest are equal. */
class TouchedRowsTest {
    private static final MovingTable ROWS = MovingTable.reference("public", "hot");
    private static final Blocks ALL = new Blocks(0, 1, true);
    private static final int BUCKETS = 16;

    private static StreamedPair filled() throws SQLException {
        StreamedPair pair = new StreamedPair("CREATE TABLE hot (id int PRIMARY KEY, version int);", ROWS);
        pair.sender.execute("INSERT INTO hot SELECT i, 0 FROM generate_series(1, 200) AS i");
        pair.awaitStream();
        return pair;
    }

    @Test
    void writtenAfterTheSendersSnapshot() throws Exception {
        try (StreamedPair pair = filled();
                Sessions sessions = new Sessions()) {
            MeetingPoint point = new MeetingPoint(pair.request(false), pair.sender, pair.receiver, sessions);
            point.meet("", holder -> {}, new TestWatch());
            pair.sender.execute("UPDATE hot SET version = 1 WHERE id IN (7, 8)", "INSERT INTO hot VALUES (300, 0)");
            pair.awaitStream();
            point.receiver().take();
            point.receiver().share();
            TableQueries queries = new TableQueries(
                    TableShape.of(ROWS, point.sender().first(), point.receiver().first()), "true", 5);
            BucketSums here = sums(point.sender().first(), queries);
            BucketSums there = sums(point.receiver().first(), queries);
            assertThat(here.differing(there)).isNotEmpty();
            Meter meter = new Meter(new TestWatch(), 1, 0, 2);
            assertThat(new TouchedRows(point, queries, queries, new long[] {1, 1}).takeOut(here, there, meter))
                    .hasValueSatisfying(keys -> assertThat(keys)
                            .extracting(key -> key.values().getFirst())
                            .containsExactlyInAnyOrder("7", "8", "300"));
            assertThat(here.differing(there)).isEmpty();
            assertThat(here.rows()).as("few are taken out").isGreaterThan(150);
        }
    }

    @Test
    void deletedAfterASnapshot() throws Exception {
        try (StreamedPair pair = filled();
                Connection session = pair.sender.superuser();
                Statement snapshot = session.createStatement()) {
            snapshot.execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT FROM hot");
            pair.sender.execute("DELETE FROM hot WHERE id = 1");
            long from = Long.parseLong(pair.sender.one("SELECT pg_snapshot_xmax(pg_current_snapshot())"));
            pair.sender.execute("DELETE FROM hot WHERE id = 2");
            long end = Long.parseLong(pair.sender.one("SELECT pg_snapshot_xmax(pg_current_snapshot())"));
            pair.sender.execute("DELETE FROM hot WHERE id = 3");
            String touched = MeetingPoint.touchedBetween(from, end).formatted("hot");
            try (ResultSet rows = snapshot.executeQuery("SELECT string_agg(id::text, ' ') FROM hot WHERE " + touched)) {
                rows.next();
                assertThat(List.of(rows.getString(1))).containsExactly("2");
            }
        }
    }

    private static BucketSums sums(Connection session, TableQueries queries) throws SQLException {
        BucketSums sums = new BucketSums(BUCKETS);
        try (Statement statement = session.createStatement();
                ResultSet rows = statement.executeQuery(queries.sums(ALL, BUCKETS))) {
            while (rows.next()) {
                sums.add(rows.getInt(1), rows.getLong(2), rows.getBigDecimal(3).toBigInteger());
            }
        }
        return sums;
    }
}
