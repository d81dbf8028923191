package io.pgmosaic.routing.key;

/** How a key column's value is hashed and written. */
public enum KeyType {
    /** smallint, integer and bigint: all hash as bigint. */
    BIGINT,
    /** text and varchar, hashed as UTF-8 bytes. */
    TEXT,
    UUID;

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
        };
    }
}
