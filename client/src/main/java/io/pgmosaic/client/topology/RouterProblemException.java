package io.pgmosaic.client.topology;

import java.io.IOException;

/** The router answered with a problem; the message is its detail. */
public final class RouterProblemException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String type;

    RouterProblemException(int status, String type, String detail) {
        super(detail);
        this.status = status;
        this.type = type;
    }

    /** Of HTTP. */
    public int status() {
        return status;
    }

    /** The kind of problem, without the prefix that all have, such as {@code invalid-key}; empty when it is not told. */
    public String type() {
        return type;
    }
}
