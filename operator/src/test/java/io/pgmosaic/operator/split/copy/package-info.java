/** Tests of schema, copy and streams on two real servers. */
@NullMarked
package io.pgmosaic.operator.split.copy;

import org.jspecify.annotations.NullMarked;
