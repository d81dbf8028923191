package io.pgmosaic.client;

import java.sql.SQLException;

/**
 * Which shard has a key.
 *
 * @param lookedUp whether the router was asked, and so has counted the request, and would have refused it
 */
record Owner(String shard, boolean lookedUp) {
    /** Finds it, perhaps by asking. */
    @FunctionalInterface
    interface Finder {
        Owner find() throws SQLException;
    }
}
