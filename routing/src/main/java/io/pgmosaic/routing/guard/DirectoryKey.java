package io.pgmosaic.routing.guard;

import io.pgmosaic.routing.key.InvalidKeyException;
import io.pgmosaic.routing.key.Key;
import io.pgmosaic.routing.key.KeyType;
import io.pgmosaic.routing.key.KeyValue;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** The form in which a directory has a key: one text, the same for equal keys and no others of the same types. */
public final class DirectoryKey {
    private DirectoryKey() {}

    /** A single value as it is; of several each with its length in characters before it. */
    public static String text(Key key) {
        if (key.values().size() == 1) {
            return text(key.values().getFirst());
        }
        StringBuilder text = new StringBuilder();
        for (KeyValue value : key.values()) {
            String part = text(value);
            text.append(part.codePointCount(0, part.length())).append(':').append(part);
        }
        return text.toString();
    }

    /**
     * Reads what {@link #text} wrote.
     *
     * @throws IllegalArgumentException when it is no key of these types
     */
    public static Key parse(String text, List<KeyType> types) {
        if (types.size() == 1) {
            return Key.of(value(text, types.getFirst()));
        }
        List<KeyValue> values = new ArrayList<>();
        int from = 0;
        for (KeyType type : types) {
            int colon = text.indexOf(':', from);
            if (colon < 0) {
                throw new IllegalArgumentException("no key of " + types + ": " + text);
            }
            int length = Integer.parseInt(text.substring(from, colon));
            if (length < 0 || length > text.codePointCount(colon + 1, text.length())) {
                throw new IllegalArgumentException("no key of " + types + ": a part is not as long as it says");
            }
            int end = text.offsetByCodePoints(colon + 1, length);
            values.add(value(text.substring(colon + 1, end), type));
            from = end;
        }
        return new Key(values);
    }

    private static KeyValue value(String text, KeyType type) {
        if (type == KeyType.TIMESTAMPTZ) {
            return new KeyValue.Timestamp(Instant.EPOCH.plus(Long.parseLong(text), ChronoUnit.MICROS));
        }
        try {
            return type.parse(text);
        } catch (InvalidKeyException e) {
            throw new IllegalArgumentException("no value of " + type + ": " + text, e);
        }
    }

    private static String text(KeyValue value) {
        return value instanceof KeyValue.Timestamp time
                ? Long.toString(Instant.EPOCH.until(time.instant(), ChronoUnit.MICROS))
                : value.text();
    }
}
