/**
 * Hands the moving keys from the shard that has them to the one that is to have them: freeze, wait, seal, change the map, open.
 *
 * <p>What it promises: nobody's acknowledged write is left behind, and one shard at most takes writes of a key at any time, also when
 * this is ended anywhere, or done by two operators at once. What was begun and not ended is ended by a new version of the map.
 */
@NullMarked
package io.pgmosaic.operator.split.handover;

import org.jspecify.annotations.NullMarked;
