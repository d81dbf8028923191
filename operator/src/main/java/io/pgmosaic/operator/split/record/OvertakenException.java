package io.pgmosaic.operator.split.record;

/** The record is not any more as it was when the change was decided: look again. */
public final class OvertakenException extends Exception {
    private static final long serialVersionUID = 1L;

    public OvertakenException(String message) {
        super(message);
    }
}
