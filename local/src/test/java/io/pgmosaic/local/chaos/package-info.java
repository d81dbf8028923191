/**
 * Breaks a running cluster again and again while clients use it, and checks what they saw: every acknowledged insert is
 * there exactly once, registers are linearizable, no write that began under an old term was acknowledged after a newer
 * primary was there. The checks are pure functions of what was recorded; the faults come from a seed.
 */
@NullMarked
package io.pgmosaic.local.chaos;

import org.jspecify.annotations.NullMarked;
