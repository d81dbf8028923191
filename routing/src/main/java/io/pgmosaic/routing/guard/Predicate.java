package io.pgmosaic.routing.guard;

import io.pgmosaic.routing.map.ShardMap;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which rows a trigger lets pass, as SQL.
 *
 * @param functions create those that the conditions call
 * @param before a condition on the row OLD
 * @param after the same on the row NEW
 * @param changed a condition without which {@code after} is {@code before}; empty where it is not worth asking
 */
record Predicate(List<String> functions, String before, String after, String changed) {
    /** It lets nothing pass. */
    static final Predicate NEVER = new Predicate(List.of(), "false", "false", "");

    Predicate {
        functions = List.copyOf(functions);
    }

    static Predicate of(Ownership ownership, ShardMap map, GuardedTable table) {
        KeySql before = KeySql.ofRow("OLD", table, map.defaultRegion());
        KeySql after = KeySql.ofRow("NEW", table, map.defaultRegion());
        if (map.hasDirectory()) {
            String parameters = KeySql.ofParameters(table).parameters();
            String body = DirectorySchema.body(
                    table.group(), KeySql.ofParameters(table), ownership.condition(KeySql.ofParameters(table)));
            String function =
                    "mosaic.owns_" + digest("directory" + parameters + body).substring(0, 32);
            return new Predicate(
                    List.of(directoryFunction(function, parameters, body)),
                    call(function, before),
                    call(function, after),
                    "ROW(" + before.arguments() + ") IS DISTINCT FROM ROW(" + after.arguments() + ")");
        }
        if (ownership.isShort()) {
            return new Predicate(List.of(), ownership.condition(before), ownership.condition(after), "");
        }
        String body = functionBody(ownership, table);
        String parameters = KeySql.ofParameters(table).parameters();
        String function = "mosaic.owns_" + digest(parameters + body).substring(0, 32);
        return new Predicate(
                List.of(function(function, parameters, body)), call(function, before), call(function, after), "");
    }

    /** Lets pass what both do. */
    Predicate and(Predicate other) {
        return new Predicate(
                Stream.concat(functions.stream(), other.functions.stream())
                        .distinct()
                        .toList(),
                "(" + before + ") AND (" + other.before + ")",
                "(" + after + ") AND (" + other.after + ")",
                changed.isEmpty() ? other.changed : changed);
    }

    private static String functionBody(Ownership ownership, GuardedTable table) {
        KeySql parameters = KeySql.ofParameters(table);
        return "DECLARE h pg_catalog.int8 := " + KeySql.chain(parameters.types(), parameters.operands())
                + "; BEGIN RETURN " + ownership.condition(parameters) + "; END";
    }

    private static String function(String name, String parameters, String body) {
        return "CREATE OR REPLACE FUNCTION " + name + "(" + parameters
                + ") RETURNS pg_catalog.bool LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS " + SqlText.literal(body)
                + "; GRANT EXECUTE ON FUNCTION " + name + " TO PUBLIC";
    }

    /**
     * It reads what a user may not read, so it runs as its owner; what it is given is of built-in types already. Volatile, so that
     * each call sees what is committed by then, not what was when the statement began.
     */
    private static String directoryFunction(String name, String parameters, String body) {
        return "CREATE OR REPLACE FUNCTION " + name + "(" + parameters
                + ") RETURNS pg_catalog.bool LANGUAGE plpgsql VOLATILE SECURITY DEFINER AS " + SqlText.literal(body)
                + "; GRANT EXECUTE ON FUNCTION " + name + " TO PUBLIC";
    }

    private static String call(String function, KeySql key) {
        return function + "(" + key.arguments() + ")";
    }

    static String digest(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }
}
