package io.pgmosaic.routing.plan;

import io.pgmosaic.routing.map.MapDifference.Move;
import org.jspecify.annotations.Nullable;

/**
 * Rows that would go from one shard to another, and how much that is.
 *
 * @param share of the rows of the shard that they leave, between 0 and 1; null where only the data can tell
 * @param bytes about; null where the share or the size of that shard is unknown
 * @param atMost the size of the shard that they leave; null when unknown
 */
public record Relocation(
        Move move,
        @Nullable Double share,
        @Nullable Long bytes,
        @Nullable Long atMost) {}
