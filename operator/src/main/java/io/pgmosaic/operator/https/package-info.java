/** HTTPS servers whose certificate is replaced while they run. */
@NullMarked
package io.pgmosaic.operator.https;

import org.jspecify.annotations.NullMarked;
