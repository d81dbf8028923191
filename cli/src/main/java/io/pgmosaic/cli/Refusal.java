package io.pgmosaic.cli;

/** Why a command cannot be carried out, and what to do, for the person who gave it. */
final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    Refusal(String message) {
        super(message);
    }

    Refusal(String message, Throwable cause) {
        super(message, cause);
    }
}
