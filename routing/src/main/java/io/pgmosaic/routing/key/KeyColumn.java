package io.pgmosaic.routing.key;

/** @param name unquoted SQL name */
public record KeyColumn(String name, KeyType type) {
    /**
     * The value that {@code text} writes.
     *
     * @throws InvalidKeyException naming the column, when it writes no value of its type
     */
    public KeyValue parse(String text) {
        try {
            return type.parse(text);
        } catch (InvalidKeyException invalid) {
            throw new InvalidKeyException(invalid.reason(), "key column " + name + " " + invalid.getMessage(), invalid);
        }
    }
}
