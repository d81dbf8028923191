/** Tests of {@code io.pgmosaic.instance.volume}. */
@NullMarked
package io.pgmosaic.instance.volume;

import org.jspecify.annotations.NullMarked;
