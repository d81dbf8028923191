package io.pgmosaic.routing.guard;

import io.pgmosaic.routing.key.Key;
import io.pgmosaic.routing.key.KeyColumn;
import io.pgmosaic.routing.key.KeySchema;
import io.pgmosaic.routing.key.KeyType;
import io.pgmosaic.routing.key.KeyValue;

import java.util.ArrayList;
import java.util.List;

/**
 * A key as SQL expressions: one operand a column, already of the type that is hashed.
 *
 * @param hash an expression for the key's hash; null, in SQL's sense, when any column is
 */
record KeySql(List<KeyType> types, List<String> operands, String hash) {
    KeySql {
        types = List.copyOf(types);
        operands = List.copyOf(operands);
    }

    /** @param row what the columns are qualified with: NEW, OLD, or a table's alias */
    static KeySql ofRow(String row, KeySchema schema) {
        List<String> operands = new ArrayList<>();
        for (KeyColumn column : schema.columns()) {
            operands.add(operand(row + '.' + SqlText.identifier(column.name()), column.type()));
        }
        return new KeySql(schema.types(), operands, chain(schema.types(), operands));
    }

    /** The parameters k0, k1, ... of a function that keeps the hash in its variable h. */
    static KeySql ofParameters(KeySchema schema) {
        List<String> operands = new ArrayList<>();
        for (KeyColumn column : schema.columns()) {
            operands.add(operand("k" + operands.size(), column.type()));
        }
        return new KeySql(schema.types(), operands, "h");
    }

    KeySql withHash(String expression) {
        return new KeySql(types, operands, expression);
    }

    static String sqlType(KeyType type) {
        return switch (type) {
            case BIGINT -> "pg_catalog.int8";
            case TEXT -> "pg_catalog.text";
            case UUID -> "pg_catalog.uuid";
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
            String function =
                    switch (types.get(i)) {
                        case BIGINT -> "hashint8extended";
                        case TEXT -> "hashtextextended";
                        case UUID -> "uuid_hash_extended";
                    };
            hash = "pg_catalog." + function + "(" + operands.get(i) + ", " + hash + ")";
        }
        return hash;
    }

    /** A condition that holds for {@code key} alone. */
    String equalTo(Key key) {
        List<String> conditions = new ArrayList<>();
        for (int i = 0; i < operands.size(); i++) {
            KeyValue value = key.values().get(i);
            conditions.add(operands.get(i) + " OPERATOR(pg_catalog.=) " + SqlText.literal(value.text()) + "::"
                    + sqlType(value.type()));
        }
        return "(" + String.join(" AND ", conditions) + ")";
    }
}
