/**
 * A target that begins as a physical copy of the source: what is asked of the source while it follows, and how its database comes to be
 * that of another shard.
 *
 * <p>What it promises: from its first transaction as another shard on, the database owns nothing, and what it knew as the source is gone,
 * all of it at once; nobody but PgMosaic's roles could log in before.
 */
@NullMarked
package io.pgmosaic.operator.split.clone;

import org.jspecify.annotations.NullMarked;
