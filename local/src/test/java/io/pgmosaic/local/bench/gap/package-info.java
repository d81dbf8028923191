/**
 * A client that writes one row after another and follows the primary, and the gap that a fault tears into its writes.
 * It is the same client, with the same time-outs and the same pauses, for every system that is measured; systems differ
 * in how the client asks where the primary is, and in nothing else.
 */
@NullMarked
package io.pgmosaic.local.bench.gap;

import org.jspecify.annotations.NullMarked;
