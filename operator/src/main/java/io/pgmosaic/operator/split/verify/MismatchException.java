package io.pgmosaic.operator.split.verify;

import java.sql.SQLException;

/** The two sides cannot be compared, since a table is not the same on both; the message is for a person. */
public final class MismatchException extends SQLException {
    private static final long serialVersionUID = 1L;

    MismatchException(String message) {
        super(message);
    }
}
