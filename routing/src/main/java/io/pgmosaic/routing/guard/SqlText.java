package io.pgmosaic.routing.guard;

import io.pgmosaic.routing.hash.Utf8;

/** Quotes names and values so that they cannot be read as anything else, whatever the session's settings are. */
public final class SqlText {
    private static final int LONGEST_IDENTIFIER = 63;

    private SqlText() {}

    /**
     * @param name as stored, unquoted
     * @throws IllegalArgumentException when PostgreSQL can have no such name: empty, longer than 63 bytes (it would be
     *     cut), or with a NUL or half of a surrogate pair
     */
    public static String identifier(String name) {
        int length = Utf8.length(name);
        if (length == 0 || length > LONGEST_IDENTIFIER) {
            throw new IllegalArgumentException(
                    "an SQL name has 1 to " + LONGEST_IDENTIFIER + " bytes in UTF-8, not " + length);
        }
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    public static String qualified(String schema, String name) {
        return identifier(schema) + '.' + identifier(name);
    }

    /**
     * @throws IllegalArgumentException when PostgreSQL cannot hold {@code value}: it has a NUL or half of a surrogate pair
     */
    public static String literal(String value) {
        Utf8.length(value);
        String doubled = value.replace("'", "''");
        // A backslash means itself in '...' only while standard_conforming_strings is on; in E'...' it is always an
        // escape.
        return value.indexOf('\\') < 0 ? '\'' + doubled + '\'' : " E'" + doubled.replace("\\", "\\\\") + '\'';
    }

    static String bigint(long value) {
        return "'" + value + "'::pg_catalog.int8";
    }
}
