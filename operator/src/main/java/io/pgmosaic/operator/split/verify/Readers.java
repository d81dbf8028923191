package io.pgmosaic.operator.split.verify;

import io.pgmosaic.routing.guard.SqlText;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Sessions of one side that all see the same state of its database, from one moment to the next. */
final class Readers {
    private final List<Connection> sessions = new ArrayList<>();
    private String exported = "";
    private long awakeAt = System.nanoTime();

    Readers(Sessions all, Side side, int count) throws SQLException {
        for (int i = 0; i < count; i++) {
            sessions.add(all.add(side.mover()));
        }
    }

    List<Connection> sessions() {
        return List.copyOf(sessions);
    }

    Connection first() {
        return sessions.getFirst();
    }

    /** What the first session sees from now on; the others follow when told. Ends what was seen before. */
    RunningTransactions take() throws SQLException {
        end();
        try (Statement statement = first().createStatement()) {
            statement.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
            try (ResultSet row = statement.executeQuery("SELECT pg_export_snapshot(), pg_current_snapshot()::text")) {
                row.next();
                exported = row.getString(1);
                return RunningTransactions.parse(row.getString(2));
            }
        }
    }

    /** Lets all sessions see what the first one sees. */
    void share() throws SQLException {
        for (Connection session : sessions.subList(1, sessions.size())) {
            try (Statement statement = session.createStatement()) {
                statement.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET TRANSACTION SNAPSHOT "
                        + SqlText.literal(exported));
            }
        }
    }

    /** To be called while there is nothing to read; else PostgreSQL ends the sessions of whoever seems to be gone. */
    void stayAwake() throws SQLException {
        if (System.nanoTime() - awakeAt < TimeUnit.SECONDS.toNanos(ReadSettings.IDLE_SECONDS / 4)) {
            return;
        }
        for (Connection session : sessions) {
            stayAwake(session);
        }
        awakeAt = System.nanoTime();
    }

    static void stayAwake(Connection session) throws SQLException {
        try (Statement statement = session.createStatement()) {
            statement.execute("SELECT");
        }
    }

    /** Lets the databases forget what was seen. */
    void end() throws SQLException {
        for (Connection session : sessions) {
            try (Statement statement = session.createStatement()) {
                // No error outside of a transaction, only a warning.
                statement.execute("ROLLBACK");
            }
        }
    }
}
