/**
 * Benchmarks, run by hand and by {@code make bench}, not by the tests. Each main class takes a file and appends its
 * figures to it, one JSON object a line.
 */
@NullMarked
package io.pgmosaic.operator.bench;

import org.jspecify.annotations.NullMarked;
