/** Leases and heartbeats under a clock that the tests move. */
@NullMarked
package io.pgmosaic.instance.lease;

import org.jspecify.annotations.NullMarked;
