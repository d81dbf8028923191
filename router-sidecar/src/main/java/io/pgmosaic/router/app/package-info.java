/**
 * The router as a process: its settings, its start, its end. Everything else is told what to do by this package and knows
 * nothing of environment variables, signals or exit codes.
 */
@NullMarked
package io.pgmosaic.router.app;

import org.jspecify.annotations.NullMarked;
