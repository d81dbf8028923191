package io.pgmosaic.operator.split.verify;

import java.sql.SQLException;

/** Rows that should be compared could not be locked for a moment. */
final class RowsLockedException extends SQLException {
    private static final long serialVersionUID = 1L;
    private static final String LOCK_NOT_AVAILABLE = "55P03";
    private static final String DEADLOCK = "40P01";

    RowsLockedException(SQLException cause) {
        super(
                "rows that differ are locked by other transactions, so that they cannot be compared now",
                cause.getSQLState(),
                cause);
    }

    static boolean isReasonOf(SQLException e) {
        return LOCK_NOT_AVAILABLE.equals(e.getSQLState()) || DEADLOCK.equals(e.getSQLState());
    }
}
