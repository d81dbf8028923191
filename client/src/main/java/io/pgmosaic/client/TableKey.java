package io.pgmosaic.client;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;

/**
 * A key of a table.
 *
 * @param table of schema {@code public} by its name, any as {@code schema.name}
 * @param values one for each key column, in order, as text; null for a region that is left out. Empty for a reference table
 */
public record TableKey(String table, List<@Nullable String> values) {
    public TableKey {
        // Not List.copyOf, which has no nulls.
        values = Collections.unmodifiableList(new ArrayList<>(values));
    }

    /**
     * A key of Java values.
     *
     * @param values whole numbers, texts, {@link UUID}s, and {@link Instant}s or times with an offset
     * @throws IllegalArgumentException when a value is of a type that no key column has
     */
    public static TableKey of(String table, @Nullable Object... values) {
        List<@Nullable String> texts = new ArrayList<>(values.length);
        for (Object value : values) {
            texts.add(text(value));
        }
        return new TableKey(table, texts);
    }

    private static @Nullable String text(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case Long number -> number.toString();
            case Integer number -> number.toString();
            case Short number -> number.toString();
            case String text -> text;
            case UUID uuid -> uuid.toString();
            case Instant time -> time.toString();
            case OffsetDateTime time -> time.toInstant().toString();
            case ZonedDateTime time -> time.toInstant().toString();
            default ->
                throw new IllegalArgumentException("a " + value.getClass().getName()
                        + " cannot be part of a key: give a whole number, a String, a UUID or an Instant");
        };
    }

    @Override
    public String toString() {
        // Keys may say who somebody is, and messages end in logs.
        return "a key of " + table;
    }
}
