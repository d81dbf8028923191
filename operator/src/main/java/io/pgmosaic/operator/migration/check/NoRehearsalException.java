package io.pgmosaic.operator.migration.check;

/** A schema cannot be made for a rehearsal; the message says why. Nothing is known then of what statements would do. */
public final class NoRehearsalException extends Exception {
    private static final long serialVersionUID = 1L;

    NoRehearsalException(String message, Throwable cause) {
        super(message, cause);
    }
}
