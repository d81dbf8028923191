/**
 * What a read may rely on, and which servers give it that.
 *
 * <p>A position is a term and a place in the log of one shard. A log only grows, and the timeline of a term begins with all
 * that was acknowledged in the terms before, so a replica that has replayed its timeline up to a place holds everything that
 * was acknowledged before that place, in whichever term. What the router was told of a replica may be old; that makes it
 * choose a replica less often, never wrongly.
 *
 * <p>Nothing here does input or output but {@link io.pgmosaic.router.consistency.KeyFile}, and nothing asks the time.
 */
@NullMarked
package io.pgmosaic.router.consistency;

import org.jspecify.annotations.NullMarked;
