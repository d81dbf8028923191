package io.pgmosaic.client.load;

import io.pgmosaic.client.connection.Failure;
import org.jspecify.annotations.Nullable;

import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.util.Locale;

/** How a statement ended, as a report names it. */
enum Result {
    /** It was answered, be it with a complaint of the statement: the server does well. */
    OK,
    /** The server is gone, or is no longer what it was taken for. */
    ERROR,
    /** Nobody waited longer. */
    TIMEOUT,
    /** It was not sent, since the shard has too much to do. */
    REFUSED;

    private static final String CANCELLED = "57014";

    private final String text = name().toLowerCase(Locale.ROOT);

    String text() {
        return text;
    }

    /** @param failure null for none */
    static Result of(@Nullable Throwable failure) {
        if (failure == null) {
            return OK;
        }
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SocketTimeoutException
                    || cause instanceof SQLTimeoutException
                    || (cause instanceof SQLException e && CANCELLED.equals(e.getSQLState()))) {
                return TIMEOUT;
            }
        }
        boolean lost = Failure.of(failure) != Failure.OTHER
                || (failure instanceof SQLException e && Failure.UNKNOWN_OUTCOME.equals(e.getSQLState()));
        return lost ? ERROR : OK;
    }
}
