package io.pgmosaic.checker;

import java.io.IOException;

/** The router names no server for a key. */
final class NoRouteException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String shard;

    /** @param shard that has none; empty when that is not the reason */
    NoRouteException(int status, String shard) {
        super("the router answers " + status + (shard.isEmpty() ? "" : " for shard " + shard));
        this.shard = shard;
    }

    String shard() {
        return shard;
    }
}
