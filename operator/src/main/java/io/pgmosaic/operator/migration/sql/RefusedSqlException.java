package io.pgmosaic.operator.migration.sql;

/** A text that a migration does not run; the message says why, and what to write instead. */
public final class RefusedSqlException extends Exception {
    private static final long serialVersionUID = 1L;

    RefusedSqlException(String message) {
        super(message);
    }
}
