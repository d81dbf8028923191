package io.pgmosaic.local.platform;

/** The machine lacks something. The message is one line and says what to install or set. */
public final class MissingRequirement extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** A requirement that is not met, in one line. */
    public MissingRequirement(String message) {
        super(message);
    }
}
