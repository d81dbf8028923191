/** Tests of splits on two real servers. */
@NullMarked
package io.pgmosaic.operator.split;

import org.jspecify.annotations.NullMarked;
