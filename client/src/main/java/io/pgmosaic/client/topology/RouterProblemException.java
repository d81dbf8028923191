package io.pgmosaic.client.topology;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Duration;

/** The router answered with a problem; the message is its detail. */
public final class RouterProblemException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String type;
    private final @Nullable Duration retryAfter;

    RouterProblemException(int status, String type, String detail, @Nullable Duration retryAfter) {
        super(detail);
        this.status = status;
        this.type = type;
        this.retryAfter = retryAfter;
    }

    /** Of HTTP. */
    public int status() {
        return status;
    }

    /** The kind of problem, without the prefix that all have, such as {@code invalid-key}; empty when it is not told. */
    public String type() {
        return type;
    }

    /** When to ask again at the earliest; null when the router does not say. */
    public @Nullable Duration retryAfter() {
        return retryAfter;
    }
}
