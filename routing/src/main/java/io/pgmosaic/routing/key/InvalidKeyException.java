package io.pgmosaic.routing.key;

import org.jspecify.annotations.Nullable;

/** A request's text cannot be a key; the message says which part and why, and is fit for a person to read. */
public final class InvalidKeyException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    InvalidKeyException(Reason reason, String message) {
        this(reason, message, null);
    }

    InvalidKeyException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }

    /** What kind of mistake it is. */
    public enum Reason {
        WRONG_COUNT,
        EMPTY,
        WRONG_TYPE,
        OUT_OF_RANGE,
        ILL_FORMED
    }
}
