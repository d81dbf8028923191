package io.pgmosaic.router.directory;

/** Where a key is cannot be found out now; the message is for a person. */
public final class DirectoryUnavailableException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String home;

    DirectoryUnavailableException(String home, String reason) {
        super(reason, null, false, false);
        this.home = home;
    }

    /** The shard that knows it. */
    public String home() {
        return home;
    }
}
