package io.pgmosaic.client;

import org.jspecify.annotations.Nullable;

import java.sql.SQLTransientConnectionException;
import java.time.Duration;

/**
 * The router was asked for one key more often than {@code routing.rateLimits} allow. Nothing was sent to a shard. It was asked again
 * for as long as things are tried again. SQLSTATE 08001.
 */
public final class KeyLimitedException extends SQLTransientConnectionException {
    private static final long serialVersionUID = 1L;

    private final Duration retryAfter;

    KeyLimitedException(String message, Duration retryAfter, @Nullable Throwable cause) {
        super(message, "08001", cause);
        this.retryAfter = retryAfter;
    }

    /** After this time the router may take the key again. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
