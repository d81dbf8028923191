package io.pgmosaic.operator.cluster;

/** Something that a person must put right before the cluster can go on; the message says what. */
final class ProblemException extends Exception {
    private static final long serialVersionUID = 1L;

    ProblemException(String message) {
        super(message);
    }
}
