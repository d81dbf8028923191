package io.pgmosaic.router.index;

/** No server could tell which key has a value. */
public final class IndexUnavailableException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String shard;

    IndexUnavailableException(String shard, String reason) {
        super(reason);
        this.shard = shard;
    }

    /** That keeps the value's entry. */
    public String shard() {
        return shard;
    }
}
