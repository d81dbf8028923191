/**
 * Talking to instance managers: one HTTPS client for all clusters, which picks certificate and authority by the peer's
 * address.
 */
@NullMarked
package io.pgmosaic.operator.instance;

import org.jspecify.annotations.NullMarked;
