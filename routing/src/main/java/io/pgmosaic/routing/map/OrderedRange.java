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
    /** What is in both, with this one's shard; null when nothing is. Both are of values of one type. */
    @Nullable
    OrderedRange intersection(OrderedRange other) {
        @Nullable
        KeyValue later =
                from == null || (other.from != null && OrderedRanges.compare(other.from, from) > 0) ? other.from : from;
        @Nullable
        KeyValue sooner = until == null || (other.until != null && OrderedRanges.compare(other.until, until) < 0)
                ? other.until
                : until;
        return later != null && sooner != null && OrderedRanges.compare(later, sooner) >= 0
                ? null
                : new OrderedRange(later, sooner, shard);
    }

    @Override
    public String toString() {
        return (from == null ? "the beginning" : from.text()) + " to " + (until == null ? "the end" : until.text());
    }
}
