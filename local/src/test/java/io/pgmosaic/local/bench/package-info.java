/**
 * Benchmarks of whole clusters in local mode. Each is a program of its own that appends its figures to the file that is
 * its first argument, one JSON object a line; {@code scripts/bench} runs them. Never part of the tests.
 */
@NullMarked
package io.pgmosaic.local.bench;

import org.jspecify.annotations.NullMarked;
