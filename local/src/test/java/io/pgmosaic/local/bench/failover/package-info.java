/**
 * The product's failover as a client sees it: a shard of three instances in local mode, with everything at its default,
 * and what befalls its primary. The client asks a router where the primary is.
 */
@NullMarked
package io.pgmosaic.local.bench.failover;

import org.jspecify.annotations.NullMarked;
