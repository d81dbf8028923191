package io.pgmosaic.routing.key;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The key columns of a table, in the order in which they are hashed. */
public record KeySchema(List<KeyColumn> columns) {
    /** @throws IllegalArgumentException when there is no column, or one twice */
    public KeySchema {
        columns = List.copyOf(columns);
        if (columns.isEmpty()) {
            throw new IllegalArgumentException("a key has at least one column");
        }
        if (columns.stream().map(KeyColumn::name).distinct().count() < columns.size()) {
            throw new IllegalArgumentException("a key names a column twice: " + names(columns));
        }
    }

    public static KeySchema of(KeyColumn... columns) {
        return new KeySchema(Arrays.asList(columns));
    }

    public List<KeyType> types() {
        return columns.stream().map(KeyColumn::type).toList();
    }

    /**
     * Reads a key from one text per column.
     *
     * @throws InvalidKeyException when the number of texts is not that of the columns, or a text writes no value of its
     *     column's type
     */
    public Key parse(List<String> texts) {
        if (texts.size() != columns.size()) {
            throw InvalidKeyException.wrongCount(names(columns), columns.size(), texts.size());
        }
        List<KeyValue> values = new ArrayList<>(columns.size());
        for (int i = 0; i < columns.size(); i++) {
            values.add(columns.get(i).parse(texts.get(i)));
        }
        return new Key(values);
    }

    private static String names(List<KeyColumn> columns) {
        return String.join(", ", columns.stream().map(KeyColumn::name).toList());
    }
}
