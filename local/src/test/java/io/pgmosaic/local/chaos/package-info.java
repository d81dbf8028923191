/**
 * Breaks a running local cluster again and again while clients use it, and has {@code io.pgmosaic.checker} check what they saw.
 * The faults come from a seed.
 */
@NullMarked
package io.pgmosaic.local.chaos;

import org.jspecify.annotations.NullMarked;
