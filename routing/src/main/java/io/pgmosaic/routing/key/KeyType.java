package io.pgmosaic.routing.key;

/** How a key column's value is hashed and written. */
public enum KeyType {
    /** smallint, integer and bigint: all hash as bigint. */
    BIGINT,
    /** text and varchar, hashed as UTF-8 bytes. */
    TEXT,
    UUID,
    /** timestamptz between the years 1 and 9999, hashed as the timestamp that it is in UTC. */
    TIMESTAMPTZ;

    /**
     * The value that {@code text} writes.
     *
     * @throws InvalidKeyException when it writes no value of this type
     */
    public KeyValue parse(String text) {
        return switch (this) {
            case BIGINT -> KeyText.bigint(text);
            case TEXT -> KeyText.text(text);
            case UUID -> KeyText.uuid(text);
            case TIMESTAMPTZ -> KeyText.timestamp(text);
        };
    }
}
