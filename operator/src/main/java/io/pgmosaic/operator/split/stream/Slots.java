package io.pgmosaic.operator.split.stream;

import io.pgmosaic.routing.guard.SqlText;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Replication slots of a split at the sender. */
public final class Slots {
    private static final String IN_USE = "55006";
    private static final int TRIES = 20;

    private Slots() {}

    /**
     * A new slot and the moment of which it keeps all later changes.
     *
     * @param position of the log, in PostgreSQL's text
     * @param snapshot to be taken over by other sessions before the replication session does anything else or ends
     */
    public record Exported(String position, String snapshot) {}

    /** Waits for the transactions that are under way. */
    public static Exported export(Connection replication, String slot) throws SQLException {
        try (Statement statement = replication.createStatement();
                ResultSet row = statement.executeQuery("CREATE_REPLICATION_SLOT " + SqlText.identifier(slot)
                        + " LOGICAL pgoutput (SNAPSHOT 'export')")) {
            row.next();
            return new Exported(row.getString("consistent_point"), row.getString("snapshot_name"));
        }
    }

    /** Makes one that keeps what comes from now on, unless there is one. */
    static void ensure(Connection superuser, String slot) throws SQLException {
        try (PreparedStatement statement =
                superuser.prepareStatement("SELECT pg_create_logical_replication_slot(?, 'pgoutput')"
                        + " WHERE NOT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = ?)")) {
            statement.setString(1, slot);
            statement.setString(2, slot);
            statement.execute();
        }
    }

    /** Has the slot forget what came before the end of the log as it is now. Nobody may be using it. */
    static String advance(Connection superuser, String slot) throws SQLException {
        try (PreparedStatement statement = superuser.prepareStatement(
                "SELECT end_lsn FROM pg_replication_slot_advance(?, pg_current_wal_flush_lsn())")) {
            statement.setString(1, slot);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getString(1);
            }
        }
    }

    /** Ends whoever uses it, and drops it; nothing happens where there is none. */
    public static void drop(Connection superuser, String slot) throws SQLException {
        // A receiver that is not there to be told comes back as soon as it is put out, and may be quicker.
        for (int tries = 1; ; tries++) {
            try {
                dropOnce(superuser, slot);
                return;
            } catch (SQLException e) {
                if (!IN_USE.equals(e.getSQLState()) || tries == TRIES) {
                    throw e;
                }
            }
        }
    }

    private static void dropOnce(Connection superuser, String slot) throws SQLException {
        try (PreparedStatement end =
                superuser.prepareStatement("SELECT pg_terminate_backend(active_pid, 5000) FROM pg_replication_slots"
                        + " WHERE slot_name = ? AND active_pid IS NOT NULL")) {
            end.setString(1, slot);
            end.execute();
        }
        try (PreparedStatement drop = superuser.prepareStatement(
                "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = ?")) {
            drop.setString(1, slot);
            drop.execute();
        }
    }
}
