/**
 * Which keys are looked up most. Bounded, whatever is asked for: a sketch of the size that the settings say for each table, with an
 * error that it knows. What was asked longer ago counts less.
 */
@NullMarked
package io.pgmosaic.router.hotkeys;

import org.jspecify.annotations.NullMarked;
