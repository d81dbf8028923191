/**
 * How well the shards do, as far as the router can know: connections go past it, so what a shard took for a statement is what
 * clients report ({@code POST /v1/outcomes}), and nothing is concluded from silence.
 */
@NullMarked
package io.pgmosaic.router.load;

import org.jspecify.annotations.NullMarked;
