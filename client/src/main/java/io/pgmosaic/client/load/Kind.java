package io.pgmosaic.client.load;

import org.jspecify.annotations.Nullable;

/**
 * Statements that are counted together.
 *
 * @param server the instance that served them; null when none did
 * @param lookedUp whether the router was asked for them, and so has counted them
 */
record Kind(String shard, @Nullable String server, boolean write, boolean lookedUp, int priority, Result result) {}
