package io.pgmosaic.operator.simulation;

/** Something happened that never may. */
final class Violation extends RuntimeException {
    private static final long serialVersionUID = 1;

    Violation(String message) {
        super(message);
    }
}
