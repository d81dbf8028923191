package io.pgmosaic.routing.key;

import java.util.List;
import java.util.UUID;

/** One value for each key column, in the order in which the key is hashed. */
public record Key(List<KeyValue> values) {
    /** @throws IllegalArgumentException when there is no value */
    public Key {
        values = List.copyOf(values);
        if (values.isEmpty()) {
            throw new IllegalArgumentException("a key has at least one value");
        }
    }

    public static Key of(KeyValue... values) {
        return new Key(List.of(values));
    }

    public static Key bigint(long value) {
        return of(new KeyValue.Bigint(value));
    }

    /** @throws IllegalArgumentException when PostgreSQL cannot hold {@code value} */
    public static Key text(String value) {
        return of(new KeyValue.Text(value));
    }

    public static Key uuid(UUID value) {
        return of(new KeyValue.Uuid(value));
    }

    /** The chain in which each column's hash is the seed of the next column's; the first seed is 0. */
    public long hash() {
        long hash = 0;
        for (int i = 0; i < values.size(); i++) {
            hash = values.get(i).hash(hash);
        }
        return hash;
    }

    public List<KeyType> types() {
        return values.stream().map(KeyValue::type).toList();
    }
}
