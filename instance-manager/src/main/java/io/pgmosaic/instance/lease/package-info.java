/**
 * What bounds how long a primary serves that nobody can reach, and what the managers of a shard tell each other for it.
 *
 * <p>A primary has a lease. The operator lengthens it by confirming the primary's term, and so does a majority of the shard's
 * members by heartbeats that say that they have promised no higher one. A confirmation counts from the moment at which the
 * token that it hands back was given out, never from its arrival, so it says nothing of a time that it cannot know of. When
 * the lease is over, or a peer has promised a higher term, PostgreSQL is stopped at once and only the operator brings it on
 * again. All times are readings of the monotonic clock of this machine, which goes on while the process is stopped.
 */
@NullMarked
package io.pgmosaic.instance.lease;

import org.jspecify.annotations.NullMarked;
