package io.pgmosaic.routing.map;

import io.pgmosaic.routing.key.Key;
import io.pgmosaic.routing.key.KeyValue;
import org.jspecify.annotations.Nullable;

/**
 * All that says where a row lives.
 *
 * @param region null when the row names none, or the map has no regions
 * @param time null when the map has no periods
 */
public record RowKey(Key key, @Nullable String region, KeyValue.@Nullable Timestamp time) {
    public static RowKey of(Key key) {
        return new RowKey(key, null, null);
    }
}
