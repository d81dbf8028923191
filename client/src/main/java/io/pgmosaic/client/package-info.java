/**
 * The way to a sharded cluster for Java applications: {@link io.pgmosaic.client.MosaicClient} finds the shard of a key by itself and
 * gives connections to its servers.
 *
 * <p>What it knows may be older than the cluster. That is safe: the databases refuse rows that are not theirs and writes to what
 * is no primary, and then it asks the router and does the work again. It never repeats a commit of which it does not know what
 * became.
 */
@NullMarked
package io.pgmosaic.client;

import org.jspecify.annotations.NullMarked;
