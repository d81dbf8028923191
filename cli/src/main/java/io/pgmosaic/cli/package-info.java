/** {@code kubectl pgmosaic}: what people ask before they change a cluster, and the directory of single keys. All but the latter only reads. */
@NullMarked
package io.pgmosaic.cli;

import org.jspecify.annotations.NullMarked;
