/**
 * What crosses a process boundary inside PgMosaic, and nothing else: commands to instance managers and their status
 * ({@code instance}), the topology that routers receive ({@code topology}), the TLS contexts both travel in ({@code tls}).
 *
 * <p>Records only, no decisions. Unknown JSON fields are ignored on reading, so that an older peer keeps working during
 * a rolling upgrade; a field may be added with a default, never renamed or given a new meaning.
 */
@NullMarked
package io.pgmosaic.protocol;

import org.jspecify.annotations.NullMarked;
