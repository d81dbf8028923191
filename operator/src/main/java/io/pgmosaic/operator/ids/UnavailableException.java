package io.pgmosaic.operator.ids;

/** There is no machine number now; the message says why, and what to do. */
public final class UnavailableException extends Exception {
    private static final long serialVersionUID = 1L;

    UnavailableException(String message) {
        super(message);
    }
}
