/**
 * Gives a shard that is made by a split the schema that the source has by now, and keeps both as they are while rows move.
 *
 * <p>What it promises: the schema comes once and whole or not at all, its making and the record of it are one transaction, and it is
 * made with the power of the database's owner. While a split runs nobody but PgMosaic changes the schema of either shard.
 */
@NullMarked
package io.pgmosaic.operator.split.schema;

import org.jspecify.annotations.NullMarked;
