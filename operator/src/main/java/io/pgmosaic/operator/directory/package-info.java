/**
 * Large directories: keys that are on another shard than the rule says, by entries in the shards' own databases.
 *
 * <p>The shard that owns a key by the rule is the key's home, and keeps its entry; the shard that has the key keeps one too. So
 * each shard's guard decides alone, and whoever looks for a key knows whom to ask. What it promises: at no time do two shards
 * accept rows of one key, whoever is killed or paused in the middle, and however many operators are at it. Whoever is to have a
 * key gets it only when who had it refuses it, every transaction that began before that is over, and no row of the key is there.
 * What is begun and not ended stands in the databases, and any operator ends it.
 */
@NullMarked
package io.pgmosaic.operator.directory;

import org.jspecify.annotations.NullMarked;
