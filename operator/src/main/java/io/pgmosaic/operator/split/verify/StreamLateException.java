package io.pgmosaic.operator.split.verify;

import java.sql.SQLException;

/** The stream did not reach a marker in time; the message is for a person. */
public final class StreamLateException extends SQLException {
    private static final long serialVersionUID = 1L;

    StreamLateException(VerificationRequest request) {
        super("subscription " + request.subscription() + " did not reach the comparison's marker within "
                + request.patience().toSeconds() + " s; it is down, or too far behind");
    }
}
