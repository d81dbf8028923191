/**
 * How shards do, as this process sees it: told to the router about once a second, and what it says in return done, which is to
 * refuse a share of what is asked of shards that have too much to do.
 *
 * <p>No request waits for this, nor fails by it but for a {@link io.pgmosaic.client.load.ShardOverloadedException}. What a router does
 * not take is dropped.
 */
@NullMarked
package io.pgmosaic.client.load;

import org.jspecify.annotations.NullMarked;
