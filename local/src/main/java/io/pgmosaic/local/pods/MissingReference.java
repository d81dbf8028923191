package io.pgmosaic.local.pods;

/** A pod refers to an object that is not there (yet). */
final class MissingReference extends Exception {
    private static final long serialVersionUID = 1L;

    MissingReference(String message) {
        super(message);
    }
}
