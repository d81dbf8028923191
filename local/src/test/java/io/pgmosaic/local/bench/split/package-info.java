/**
 * Splits of a shard as applications see them: two shards of two instances in local mode, clients that write through the Java client, and
 * splits that are taken back, or brought to their end, meanwhile.
 */
@NullMarked
package io.pgmosaic.local.bench.split;

import org.jspecify.annotations.NullMarked;
