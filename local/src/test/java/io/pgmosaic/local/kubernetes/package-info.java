/** What controllers rely on, asked of the embedded API through the client library that they use. */
@NullMarked
package io.pgmosaic.local.kubernetes;

import org.jspecify.annotations.NullMarked;
