/** {@code kubectl pgmosaic}: what people ask before they change a cluster. Reads, and changes nothing. */
@NullMarked
package io.pgmosaic.cli;

import org.jspecify.annotations.NullMarked;
