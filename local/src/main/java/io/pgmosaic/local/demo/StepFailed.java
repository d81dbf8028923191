package io.pgmosaic.local.demo;

/** What must hold after a step does not. The message says what was expected and what was found. */
public final class StepFailed extends Exception {
    private static final long serialVersionUID = 1L;

    public StepFailed(String message) {
        super(message);
    }

    public StepFailed(String message, Throwable cause) {
        super(message, cause);
    }
}
