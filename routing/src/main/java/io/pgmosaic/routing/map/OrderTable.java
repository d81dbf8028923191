package io.pgmosaic.routing.map;

import io.pgmosaic.routing.key.Key;
import io.pgmosaic.routing.key.KeyValue;

/**
 * Owners by the order of numbers: bigints, and times by the number that PostgreSQL knows them by.
 *
 * @param bounds from the first range's lower bound on; what is outside of the ranges belongs to nobody
 */
record OrderTable(SegmentTable bounds) implements OwnerTable {
    /** @throws IllegalArgumentException when values of this kind are not numbers */
    static long number(KeyValue value) {
        return switch (value) {
            case KeyValue.Bigint bigint -> bigint.value();
            case KeyValue.Timestamp time -> time.micros();
            case KeyValue.Text text -> throw new IllegalArgumentException("a text is no number: " + text.value());
            case KeyValue.Uuid uuid -> throw new IllegalArgumentException("a UUID is no number: " + uuid.value());
        };
    }

    @Override
    public int owner(Key key, long hash) {
        return bounds.owner(number(key.values().getFirst()));
    }

    @Override
    public int owner(long key, long hash) {
        return bounds.owner(key);
    }
}
