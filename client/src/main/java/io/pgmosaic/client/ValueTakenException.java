package io.pgmosaic.client;

import java.sql.SQLIntegrityConstraintViolationException;

/** Another key has the value of a lookup index. SQLSTATE 23505, as of any unique column. */
public final class ValueTakenException extends SQLIntegrityConstraintViolationException {
    private static final long serialVersionUID = 1L;

    ValueTakenException(String index) {
        super("another key has this value of lookup index " + index, "23505");
    }
}
