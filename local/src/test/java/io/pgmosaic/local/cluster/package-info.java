/** The operator against real instances, beyond what the demonstration shows. */
@NullMarked
package io.pgmosaic.local.cluster;

import org.jspecify.annotations.NullMarked;
