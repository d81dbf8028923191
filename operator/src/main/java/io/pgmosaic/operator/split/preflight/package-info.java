/**
 * Looks, before anything is changed, for what a split would fail at, and tells all of it at once.
 *
 * <p>What it promises: it changes nothing, and no finding of it needs the one before it to be settled first.
 */
@NullMarked
package io.pgmosaic.operator.split.preflight;

import org.jspecify.annotations.NullMarked;
