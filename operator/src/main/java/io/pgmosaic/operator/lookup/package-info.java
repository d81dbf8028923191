/**
 * Lookup indexes: sets values free whose rows are gone, and reservations that nobody used.
 *
 * <p>What it promises: an entry goes only when no row has its value and no ticket for it can be used any more, whoever is killed or
 * paused in the middle and however many operators are at it. What is to be done stands in the databases.
 */
@NullMarked
package io.pgmosaic.operator.lookup;

import org.jspecify.annotations.NullMarked;
