package io.pgmosaic.routing.map;

import io.pgmosaic.routing.key.InvalidKeyException;
import io.pgmosaic.routing.key.Key;
import io.pgmosaic.routing.key.KeyColumn;
import io.pgmosaic.routing.key.KeySchema;
import io.pgmosaic.routing.key.KeyType;
import io.pgmosaic.routing.key.KeyValue;
import io.pgmosaic.routing.map.RowColumn.Role;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The columns by which a table's rows are looked up, in the order in which a lookup gives them. */
public record RowSchema(List<RowColumn> columns) {
    /**
     * @throws IllegalArgumentException when no column is of role {@code KEY}, more than one is of role {@code REGION} or
     *     {@code TIME}, one of these is of another type than text or timestamptz, or a column is listed twice
     */
    public RowSchema {
        columns = List.copyOf(columns);
        if (columns.stream().map(column -> column.column().name()).distinct().count() < columns.size()) {
            throw new IllegalArgumentException("a key names a column twice: " + names(columns));
        }
        if (columns.stream().noneMatch(column -> column.role() == Role.KEY)) {
            throw new IllegalArgumentException("a key has at least one column of role Key: " + names(columns));
        }
        atMostOne(columns, Role.REGION, KeyType.TEXT);
        atMostOne(columns, Role.TIME, KeyType.TIMESTAMPTZ);
    }

    private static void atMostOne(List<RowColumn> columns, Role role, KeyType type) {
        List<RowColumn> found =
                columns.stream().filter(column -> column.role() == role).toList();
        if (found.size() > 1) {
            throw new IllegalArgumentException("a key has at most one column of role " + role + ": " + names(found));
        }
        if (!found.isEmpty() && found.getFirst().column().type() != type) {
            throw new IllegalArgumentException(
                    "the column of role " + role + " is of type " + type + ": " + names(found));
        }
    }

    /** Of columns that all decide together. */
    public static RowSchema of(KeyColumn... columns) {
        return new RowSchema(Arrays.stream(columns).map(RowColumn::key).toList());
    }

    /** The columns that are hashed or ordered. */
    public KeySchema key() {
        return new KeySchema(columns.stream()
                .filter(column -> column.role() == Role.KEY)
                .map(RowColumn::column)
                .toList());
    }

    /** The column of the only one of {@code role}; null when there is none. */
    public @Nullable KeyColumn column(Role role) {
        return columns.stream()
                .filter(column -> column.role() == role)
                .map(RowColumn::column)
                .findFirst()
                .orElse(null);
    }

    /**
     * Reads a key from one text per column, in order. Columns that decide nothing may be missing at the end.
     *
     * @param texts null for a region or a detail that is not given
     * @throws InvalidKeyException when there are too few or too many texts, or one writes no value of its column's type
     */
    public RowKey parse(List<@Nullable String> texts) {
        if (texts.size() > columns.size() || lacksMore(texts.size())) {
            throw InvalidKeyException.wrongCount(names(columns), columns.size(), texts.size());
        }
        List<KeyValue> values = new ArrayList<>(columns.size());
        @Nullable String region = null;
        KeyValue.@Nullable Timestamp time = null;
        for (int i = 0; i < texts.size(); i++) {
            RowColumn column = columns.get(i);
            @Nullable String text = texts.get(i);
            if (text == null) {
                if (column.role() == Role.KEY || column.role() == Role.TIME) {
                    throw new InvalidKeyException(
                            InvalidKeyException.Reason.EMPTY,
                            "key column " + column.column().name() + " is missing");
                }
                continue;
            }
            KeyValue value = column.column().parse(text);
            switch (column.role()) {
                case KEY -> values.add(value);
                case REGION -> region = text;
                case TIME -> time = (KeyValue.Timestamp) value;
                case DETAIL -> {
                    // Checked for its type all the same: a client that mixes up columns is told.
                }
            }
        }
        return new RowKey(new Key(values), region, time);
    }

    /** Whether a column after the first {@code given} must not be missing. A loop, since every lookup comes by. */
    private boolean lacksMore(int given) {
        for (int i = given; i < columns.size(); i++) {
            if (columns.get(i).role() != Role.DETAIL) {
                return true;
            }
        }
        return false;
    }

    private static String names(List<RowColumn> columns) {
        return String.join(
                ", ", columns.stream().map(column -> column.column().name()).toList());
    }
}
