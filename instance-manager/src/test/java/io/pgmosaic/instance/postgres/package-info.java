/** Tests of {@code io.pgmosaic.instance.postgres}. */
@NullMarked
package io.pgmosaic.instance.postgres;

import org.jspecify.annotations.NullMarked;
