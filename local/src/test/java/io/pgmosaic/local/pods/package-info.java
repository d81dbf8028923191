/** Pods of shell scripts, on the embedded API. */
@NullMarked
package io.pgmosaic.local.pods;

import org.jspecify.annotations.NullMarked;
