/**
 * What a router tells of the cluster, kept: the rules that place rows, and who serves each shard.
 *
 * <p>Never goes back: not to a lower version of the map, nor to a lower term of a shard. It may be older than the cluster, and
 * then the databases refuse what it leads to.
 */
@NullMarked
package io.pgmosaic.client.topology;

import org.jspecify.annotations.NullMarked;
