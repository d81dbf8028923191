package io.pgmosaic.router.topology;

/** What the operator sent, or what stood on disk, is no topology of this router's cluster. */
public final class InvalidTopologyException extends Exception {
    private static final long serialVersionUID = 1L;

    public InvalidTopologyException(String message) {
        super(message);
    }
}
