package io.pgmosaic.operator.split.verify;

import java.sql.SQLException;
import java.util.List;

/** Rows that should be compared could not be locked for a moment. */
final class RowsLockedException extends SQLException {
    private static final long serialVersionUID = 1L;
    private static final String LOCK_NOT_AVAILABLE = "55P03";
    private static final String DEADLOCK = "40P01";
    private static final String STATEMENT_TOO_LONG = "57014";

    RowsLockedException(SQLException cause) {
        super(
                "rows that differ are locked by other transactions, so that they cannot be compared now",
                cause.getSQLState(),
                cause);
    }

    static boolean isReasonOf(SQLException e) {
        return List.of(LOCK_NOT_AVAILABLE, DEADLOCK, STATEMENT_TOO_LONG).contains(String.valueOf(e.getSQLState()));
    }
}
