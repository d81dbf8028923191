/** Benchmarks of the whole, run by {@code make bench}. */
@NullMarked
package io.pgmosaic.local.bench;

import org.jspecify.annotations.NullMarked;
