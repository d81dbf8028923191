/** Processes and what is left of them. */
@NullMarked
package io.pgmosaic.local.platform;

import org.jspecify.annotations.NullMarked;
