package io.pgmosaic.routing.key;

import org.jspecify.annotations.Nullable;

/** A request's text cannot be a key; the message says which part and why, and is fit for a person to read. */
public final class InvalidKeyException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    public InvalidKeyException(Reason reason, String message) {
        this(reason, message, null);
    }

    InvalidKeyException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** @param columns their names, for a person */
    public static InvalidKeyException wrongCount(String columns, int expected, int given) {
        return new InvalidKeyException(
                Reason.WRONG_COUNT,
                "the key has %d column%s (%s), but %d value%s given"
                        .formatted(expected, expected == 1 ? "" : "s", columns, given, given == 1 ? " was" : "s were"));
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
