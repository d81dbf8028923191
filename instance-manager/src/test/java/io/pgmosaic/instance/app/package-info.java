/** Tests of {@code io.pgmosaic.instance.app}. */
@NullMarked
package io.pgmosaic.instance.app;

import org.jspecify.annotations.NullMarked;
