/**
 * Finds a shard's primary by asking the shard's servers themselves, while no operator is heard.
 *
 * <p>What it promises: a term never goes down; a primary that was found has the highest term that the router knows of and that any
 * server names, is alone with that claim, and lets applications in; who is asked gives no answer by which a known primary would be
 * given up unless it says clearly that it is none. {@link io.pgmosaic.router.probe.ShardSearch} decides, without clock or I/O;
 * {@link io.pgmosaic.router.probe.Prober} asks, rarely enough that thousands of routers may do so at once. The operator's word
 * of the same or a higher term replaces all of this.
 */
@NullMarked
package io.pgmosaic.router.probe;

import org.jspecify.annotations.NullMarked;
