package io.pgmosaic.protocol;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/** The text was not the JSON that was expected; the message says what was expected and what was wrong. */
public final class MalformedJsonException extends IOException {
    private static final long serialVersionUID = 1L;

    MalformedJsonException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
