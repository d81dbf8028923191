package io.pgmosaic.operator.instance;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/** No usable answer came from an instance manager; whether a command took effect is unknown. */
public final class InstanceUnreachableException extends IOException {
    private static final long serialVersionUID = 1L;

    private final boolean refused;

    public InstanceUnreachableException(String message, @Nullable Throwable cause) {
        this(message, cause, false);
    }

    public InstanceUnreachableException(String message, @Nullable Throwable cause, boolean refused) {
        super(message, cause);
        this.refused = refused;
    }

    /** Whether nobody listens there: the process is gone, not merely slow. */
    public boolean refused() {
        return refused;
    }
}
