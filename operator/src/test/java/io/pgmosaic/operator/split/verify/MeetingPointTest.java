package io.pgmosaic.operator.split.verify;

import io.pgmosaic.operator.split.MovingTable;
import org.junit.jupiter.api.Test;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Both sides are seen as of the same position, however late the stream is and whatever is written. */
class MeetingPointTest {
    private static final MovingTable ROWS = MovingTable.reference("public", "hot");
    private static final String SCHEMA = "CREATE TABLE hot (id int PRIMARY KEY, version int NOT NULL);";
    private static final String CONTENT = "SELECT string_agg(h::text, ' ' ORDER BY id) FROM public.hot AS h";

    private static StreamedPair filled() throws SQLException {
        StreamedPair pair = new StreamedPair(SCHEMA, ROWS);
        pair.sender.execute("INSERT INTO hot SELECT i, 0 FROM generate_series(1, 20) AS i");
        pair.awaitStream();
        return pair;
    }

    @Test
    void aLateStreamIsWaitedFor() throws Exception {
        try (StreamedPair pair = filled();
                ExecutorService threads = Executors.newSingleThreadExecutor();
                Sessions sessions = new Sessions();
                Connection inTheWay = pair.receiver.superuser();
                Statement lock = inTheWay.createStatement()) {
            MeetingPoint point = new MeetingPoint(pair.request(false), pair.sender, pair.receiver, sessions);
            inTheWay.setAutoCommit(false);
            lock.execute("SELECT FROM hot FOR UPDATE");
            pair.sender.execute("UPDATE hot SET version = 1");
            Future<String> met = threads.submit(() -> {
                point.meet("", holder -> {}, new TestWatch());
                return content(point.receiver().first());
            });
            try {
                await().atMost(20, TimeUnit.SECONDS).until(() -> pair.sender
                        .one("SELECT count(*) FROM mosaic.split_marker")
                        .equals("1"));
                pair.sender.execute("UPDATE hot SET version = 2");
            } finally {
                inTheWay.rollback();
            }
            assertThat(met.get(30, TimeUnit.SECONDS)).contains("(1,1)").doesNotContain("(1,0)", "(1,2)");
            assertThat(content(point.receiver().first()))
                    .isEqualTo(content(point.sender().first()));
        }
    }

    @Test
    void lockedRowsAreExact() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        try (StreamedPair pair = filled();
                Sessions sessions = new Sessions();
                ExecutorService threads = Executors.newCachedThreadPool()) {
            List<Future<?>> writers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                Random random = new Random(i);
                writers.add(threads.submit(() -> {
                    try (Connection connection = pair.sender.superuser();
                            Statement statement = connection.createStatement()) {
                        while (!over.get()) {
                            statement.execute(
                                    "UPDATE hot SET version = version + 1 WHERE id = " + (random.nextInt(20) + 1));
                        }
                    }
                    return null;
                }));
            }
            try {
                MeetingPoint point = new MeetingPoint(pair.request(false), pair.sender, pair.receiver, sessions);
                for (int i = 0; i < 40; i++) {
                    point.meet("SELECT id FROM public.hot ORDER BY id FOR SHARE", holder -> {}, new TestWatch());
                    assertThat(content(point.receiver().first()))
                            .as("meeting %d", i)
                            .isEqualTo(content(point.sender().first()));
                }
            } finally {
                over.set(true);
            }
            for (Future<?> writer : writers) {
                writer.get(30, TimeUnit.SECONDS);
            }
        }
    }

    private static String content(Connection session) throws SQLException {
        try (Statement statement = session.createStatement();
                ResultSet row = statement.executeQuery(CONTENT)) {
            row.next();
            return row.getString(1);
        }
    }
}
