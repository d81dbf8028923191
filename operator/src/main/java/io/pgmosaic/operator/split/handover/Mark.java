package io.pgmosaic.operator.split.handover;

import io.pgmosaic.operator.split.SplitNames;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * A row that a sender writes after all that it has accepted, and that comes to the receiver after all of it: changes are applied in
 * the order of their commits.
 */
final class Mark {
    private static final String WRITE = "INSERT INTO mosaic.split_marker (stem, id)"
            + " SELECT ?, coalesce(max(id), 0) + 1 FROM mosaic.split_marker WHERE stem = ? RETURNING id";
    private static final String READ = "SELECT FROM mosaic.split_marker WHERE stem = ? AND id = ?";
    private static final long PAUSE_NANOS = Duration.ofMillis(2).toNanos();

    private Mark() {}

    static long write(Connection sender, SplitNames names) throws SQLException {
        try (PreparedStatement statement = sender.prepareStatement(WRITE)) {
            statement.setString(1, names.stem());
            statement.setString(2, names.stem());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /**
     * Waits until the receiver has it.
     *
     * @param deadline by {@link System#nanoTime}
     * @return whether it came in time
     */
    static boolean arrived(Connection receiver, SplitNames names, long id, long deadline) throws SQLException {
        while (!has(receiver, names, id)) {
            if (System.nanoTime() - deadline >= 0) {
                return false;
            }
            LockSupport.parkNanos(PAUSE_NANOS);
            if (Thread.currentThread().isInterrupted()) {
                throw new SQLException("interrupted while changes were awaited", "57014");
            }
        }
        return true;
    }

    private static boolean has(Connection receiver, SplitNames names, long id) throws SQLException {
        try (PreparedStatement statement = receiver.prepareStatement(READ)) {
            statement.setString(1, names.stem());
            statement.setLong(2, id);
            try (ResultSet row = statement.executeQuery()) {
                return row.next();
            }
        }
    }
}
