/**
 * Copies the rows that move as they were at one moment, from which on the split's stream has the changes.
 *
 * <p>What it promises: rows are replaced only on a side that nobody can have written to, which the database decides in the transaction
 * that empties it; a copy is recorded as whole or it begins anew; whatever is thrown, no session or slot of it is left in use.
 */
@NullMarked
package io.pgmosaic.operator.split.copy;

import org.jspecify.annotations.NullMarked;
