package io.pgmosaic.operator.directory;

/** Nothing of a change can be done; the message is for a person. */
public final class DirectoryRefusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;

    public DirectoryRefusal(int status, String message) {
        super(message);
        this.status = status;
    }

    /** As HTTP has it. */
    public int status() {
        return status;
    }
}
