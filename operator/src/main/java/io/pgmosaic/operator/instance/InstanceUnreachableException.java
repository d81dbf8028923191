package io.pgmosaic.operator.instance;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/** No usable answer came from an instance manager; whether a command took effect is unknown. */
public final class InstanceUnreachableException extends IOException {
    private static final long serialVersionUID = 1L;

    public InstanceUnreachableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
