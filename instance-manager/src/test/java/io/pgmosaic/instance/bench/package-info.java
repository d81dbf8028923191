/** Figures of the manager process. */
@NullMarked
package io.pgmosaic.instance.bench;

import org.jspecify.annotations.NullMarked;
