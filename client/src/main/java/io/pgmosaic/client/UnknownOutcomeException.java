package io.pgmosaic.client;

import io.pgmosaic.client.connection.Failure;

import java.sql.SQLException;

/**
 * A commit was sent and its answer did not come, or came with a warning that standbys had not confirmed it. The transaction may
 * have been done or not, or be about to be done, and it was not tried again. That its rows cannot be seen proves nothing: the commit
 * may still be under way. Make the work such that doing it twice is doing it once, and do it again: give what it writes a key of
 * its own, and write it with {@code INSERT ... ON CONFLICT ... DO UPDATE}. SQLSTATE 08007.
 */
public final class UnknownOutcomeException extends SQLException {
    private static final long serialVersionUID = 1L;

    UnknownOutcomeException(String shard, Throwable cause) {
        super(
                "a commit was sent to shard " + shard + ", and whether it was done is unknown: " + cause.getMessage(),
                Failure.UNKNOWN_OUTCOME,
                cause);
    }
}
