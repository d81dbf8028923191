package io.pgmosaic.client.load;

import org.jspecify.annotations.Nullable;

import java.sql.SQLTransientException;
import java.time.Duration;

/**
 * A shard has too much to do, and this request is of those that are refused for it: by the router, or by the client in its place.
 * Nothing was sent to the shard, and nothing is tried again by itself. SQLSTATE 53000.
 */
public final class ShardOverloadedException extends SQLTransientException {
    private static final long serialVersionUID = 1L;

    private final Duration retryAfter;

    /** @param cause null for none */
    public ShardOverloadedException(String message, Duration retryAfter, @Nullable Throwable cause) {
        super(message, "53000", cause);
        this.retryAfter = retryAfter;
    }

    /** The shortest time after which it makes sense to try again; best with some chance added to it. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
