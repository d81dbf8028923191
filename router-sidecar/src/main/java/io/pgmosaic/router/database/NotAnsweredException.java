package io.pgmosaic.router.database;

/** A server gave no answer: it cannot be reached or let nobody in, took too long, or too many questions wait already. */
public final class NotAnsweredException extends Exception {
    private static final long serialVersionUID = 1L;

    NotAnsweredException(String message) {
        super(message, null, false, false);
    }

    NotAnsweredException(String message, Throwable cause) {
        super(message, cause);
    }
}
