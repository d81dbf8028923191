/**
 * Shard maps as they are written down: in plain texts and numbers, small, and the same wherever they are stored or sent.
 *
 * <p>A {@link io.pgmosaic.routing.recipe.MapRecipe} says how a map is made; compiling it gives the
 * {@link io.pgmosaic.routing.map.ShardMap} that answers. What contradicts itself is refused with a message for a person.
 */
@NullMarked
package io.pgmosaic.routing.recipe;

import org.jspecify.annotations.NullMarked;
