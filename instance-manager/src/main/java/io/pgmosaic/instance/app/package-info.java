/**
 * The process: settings from the environment, start, and an end that leaves PostgreSQL cleanly stopped.
 */
@NullMarked
package io.pgmosaic.instance.app;

import org.jspecify.annotations.NullMarked;
