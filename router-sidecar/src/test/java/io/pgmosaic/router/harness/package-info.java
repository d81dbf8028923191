/** A router in this process beside an operator that says what a test wants, over real TLS. */
@NullMarked
package io.pgmosaic.router.harness;

import org.jspecify.annotations.NullMarked;
