package io.pgmosaic.operator.split.verify;

/** Somebody gave the comparison up. */
final class CancelledException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CancelledException() {
        super("the comparison was cancelled");
    }
}
