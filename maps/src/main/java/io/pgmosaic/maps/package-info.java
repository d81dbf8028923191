/**
 * Shard maps between their three forms: as a spec declares them, as a status records them, and as the recipe that is compiled
 * and sent. Pure.
 */
@NullMarked
package io.pgmosaic.maps;

import org.jspecify.annotations.NullMarked;
