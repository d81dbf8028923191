package io.pgmosaic.routing.guard;

import io.pgmosaic.routing.key.Key;
import io.pgmosaic.routing.key.KeyColumn;
import io.pgmosaic.routing.key.KeyType;
import io.pgmosaic.routing.key.KeyValue;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * What places a row as SQL expressions, each already of the type that is compared or hashed.
 *
 * @param operands one for each column of the key
 * @param hash of the key; null, in SQL's sense, when any column is
 * @param region the row's region, or the default where the row has none; null when rows have no region
 * @param time null when rows have no time that matters
 */
record KeySql(
        List<KeyType> types,
        List<String> operands,
        String hash,
        @Nullable String region,
        @Nullable String time) {
    KeySql {
        types = List.copyOf(types);
        operands = List.copyOf(operands);
    }

    /**
     * @param row what the columns are qualified with: NEW, OLD, or a table's alias
     * @param defaultRegion of rows whose region is null; null when such rows are nobody's
     */
    static KeySql ofRow(String row, GuardedTable table, @Nullable String defaultRegion) {
        List<String> operands = new ArrayList<>();
        for (KeyColumn column : table.key().columns()) {
            operands.add(operand(row + '.' + SqlText.identifier(column.name()), column.type()));
        }
        @Nullable String region = column(row, table.region(), KeyType.TEXT);
        if (region != null && defaultRegion != null) {
            region = "coalesce(" + region + ", " + SqlText.literal(defaultRegion) + ")";
        }
        return new KeySql(
                table.key().types(),
                operands,
                chain(table.key().types(), operands),
                region,
                column(row, table.time(), KeyType.TIMESTAMPTZ));
    }

    @Nullable
    private static String column(String row, @Nullable String name, KeyType type) {
        return name == null ? null : operand(row + '.' + SqlText.identifier(name), type);
    }

    /** The parameters of a function, named as {@link #parameters} does, that keeps the hash in its variable h. */
    static KeySql ofParameters(GuardedTable table) {
        List<String> operands = new ArrayList<>();
        for (KeyType type : table.key().types()) {
            operands.add(operand("k" + operands.size(), type));
        }
        return new KeySql(
                table.key().types(),
                operands,
                "h",
                table.region() == null ? null : operand("r", KeyType.TEXT),
                table.time() == null ? null : operand("t", KeyType.TIMESTAMPTZ));
    }

    /** The key as {@link DirectoryKey#text} writes it. */
    String directoryKey() {
        if (operands.size() == 1) {
            return text(operands.getFirst(), types.getFirst());
        }
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < operands.size(); i++) {
            String text = text(operands.get(i), types.get(i));
            parts.add(
                    "pg_catalog.char_length(" + text + ")::pg_catalog.text OPERATOR(pg_catalog.||) ':'::pg_catalog.text"
                            + " OPERATOR(pg_catalog.||) " + text);
        }
        return "(" + String.join(" OPERATOR(pg_catalog.||) ", parts) + ")";
    }

    private static String text(String operand, KeyType type) {
        return switch (type) {
            case TEXT -> operand;
            case BIGINT, UUID -> operand + "::pg_catalog.text";
            // Microseconds since 1970, whatever the session's form of times is.
            case TIMESTAMPTZ ->
                "pg_catalog.trim_scale(pg_catalog.extract('epoch', " + operand
                        + ") OPERATOR(pg_catalog.*) '1000000'::pg_catalog.numeric)::pg_catalog.text";
        };
    }

    /** Declares a function's parameters for these expressions. */
    String parameters() {
        List<String> parameters = new ArrayList<>();
        for (KeyType type : types) {
            parameters.add("k" + parameters.size() + " " + sqlType(type));
        }
        if (region != null) {
            parameters.add("r " + sqlType(KeyType.TEXT));
        }
        if (time != null) {
            parameters.add("t " + sqlType(KeyType.TIMESTAMPTZ));
        }
        return String.join(", ", parameters);
    }

    /** What a function with {@link #parameters} is called with. */
    String arguments() {
        List<String> arguments = new ArrayList<>(operands);
        if (region != null) {
            arguments.add(region);
        }
        if (time != null) {
            arguments.add(time);
        }
        return String.join(", ", arguments);
    }

    static String sqlType(KeyType type) {
        return switch (type) {
            case BIGINT -> "pg_catalog.int8";
            case TEXT -> "pg_catalog.text";
            case UUID -> "pg_catalog.uuid";
            case TIMESTAMPTZ -> "pg_catalog.timestamptz";
        };
    }

    private static String operand(String reference, KeyType type) {
        String cast = reference + "::" + sqlType(type);
        // Under a case-insensitive collation, what the column calls equal would have one hash, but the router two.
        return type == KeyType.TEXT ? "(" + cast + " COLLATE pg_catalog.\"C\")" : "(" + cast + ")";
    }

    static String chain(List<KeyType> types, List<String> operands) {
        String hash = SqlText.bigint(0);
        for (int i = 0; i < operands.size(); i++) {
            String operand = operands.get(i);
            String call =
                    switch (types.get(i)) {
                        case BIGINT -> "hashint8extended(" + operand;
                        case TEXT -> "hashtextextended(" + operand;
                        case UUID -> "uuid_hash_extended(" + operand;
                        // Not every version has a hash function of timestamptz that can be called.
                        case TIMESTAMPTZ -> "timestamp_hash_extended(pg_catalog.timezone('UTC', " + operand + ")";
                    };
            hash = "pg_catalog." + call + ", " + hash + ")";
        }
        return hash;
    }

    /** A condition that holds for {@code key} alone. */
    String equalTo(Key key) {
        List<String> conditions = new ArrayList<>();
        for (int i = 0; i < operands.size(); i++) {
            KeyValue value = key.values().get(i);
            conditions.add(operands.get(i) + " OPERATOR(pg_catalog.=) " + literal(value));
        }
        return "(" + String.join(" AND ", conditions) + ")";
    }

    static String literal(KeyValue value) {
        return SqlText.literal(value.text()) + "::" + sqlType(value.type());
    }
}
