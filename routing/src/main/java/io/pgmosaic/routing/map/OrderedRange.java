package io.pgmosaic.routing.map;

import io.pgmosaic.routing.key.KeyValue;
import org.jspecify.annotations.Nullable;

/**
 * All values from one bound to another.
 *
 * @param from the least value of the range; null for no bound
 * @param until the least value after it; null for no bound
 */
public record OrderedRange(
        @Nullable KeyValue from, @Nullable KeyValue until, String shard) {
    @Override
    public String toString() {
        return (from == null ? "the beginning" : from.text()) + " to " + (until == null ? "the end" : until.text());
    }
}
