/**
 * Carries out a {@code ShardSplit}: what happens at the two shards of each part, and when. Its protocol is
 * {@code docs/spec/ShardSplit.tla}.
 */
@NullMarked
package io.pgmosaic.operator.split;

import org.jspecify.annotations.NullMarked;
