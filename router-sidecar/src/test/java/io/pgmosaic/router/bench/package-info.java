/** Measures the router's process beside a bare handler of the same HTTP server, on the machine it runs on. */
@NullMarked
package io.pgmosaic.router.bench;

import org.jspecify.annotations.NullMarked;
