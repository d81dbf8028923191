package io.pgmosaic.routing.guard;

import io.pgmosaic.routing.map.ShardMap;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * What one table's guard consists of.
 *
 * @param statements create it, or replace one that is there; they presuppose {@link GuardSchema}
 * @param checksum of the statements: equal guards have equal ones
 */
record TableGuard(List<String> statements, String checksum) {
    static final List<String> TRIGGERS = List.of("mosaic_guard_delete", "mosaic_guard_insert", "mosaic_guard_update");

    TableGuard {
        statements = List.copyOf(statements);
    }

    static TableGuard of(Ownership ownership, ShardMap map, String shard, GuardedTable table) {
        List<String> statements = new ArrayList<>();
        String owned;
        String wasOwned;
        String changed = "";
        if (map.hasDirectory()) {
            String parameters = KeySql.ofParameters(table).parameters();
            String body = DirectorySchema.body(
                    table.group(), KeySql.ofParameters(table), ownership.condition(KeySql.ofParameters(table)));
            String function =
                    "mosaic.owns_" + digest("directory" + parameters + body).substring(0, 32);
            statements.add(directoryFunction(function, parameters, body));
            KeySql after = KeySql.ofRow("NEW", table, map.defaultRegion());
            KeySql before = KeySql.ofRow("OLD", table, map.defaultRegion());
            owned = call(function, after);
            wasOwned = call(function, before);
            // Most updates leave the key alone, and one look at the directory is enough for them.
            changed = "ROW(" + before.arguments() + ") IS DISTINCT FROM ROW(" + after.arguments() + ") AND ";
        } else if (ownership.isShort()) {
            owned = ownership.condition(KeySql.ofRow("NEW", table, map.defaultRegion()));
            wasOwned = ownership.condition(KeySql.ofRow("OLD", table, map.defaultRegion()));
        } else {
            String body = functionBody(ownership, table);
            String parameters = KeySql.ofParameters(table).parameters();
            String function = "mosaic.owns_" + digest(parameters + body).substring(0, 32);
            statements.add(function(function, parameters, body));
            owned = call(function, KeySql.ofRow("NEW", table, map.defaultRegion()));
            wasOwned = call(function, KeySql.ofRow("OLD", table, map.defaultRegion()));
        }
        // IS NOT TRUE, not NOT: a null key gives null, which a WHEN clause would take for false.
        String wrong = "(" + owned + ") IS NOT TRUE";
        String wasWrong = "(" + wasOwned + ") IS NOT TRUE";
        String refuse = "EXECUTE FUNCTION mosaic.refuse_row(" + SqlText.literal(table.qualifiedName()) + ", "
                + SqlText.literal(shard) + ", " + SqlText.literal(Long.toString(map.version())) + ")";
        statements.add(trigger("delete", table, wasWrong, refuse));
        statements.add(trigger("insert", table, wrong, refuse));
        // Every update, not UPDATE OF the key's columns: a BEFORE trigger can change a column that the statement does
        // not.
        statements.add(trigger("update", table, wasWrong + " OR " + changed + wrong, refuse));
        return new TableGuard(statements, digest(String.join(";", statements)));
    }

    private static String trigger(String event, GuardedTable table, String when, String refuse) {
        return "CREATE OR REPLACE TRIGGER mosaic_guard_" + event + " AFTER " + event + " ON " + table.qualifiedName()
                + " FOR EACH ROW WHEN (" + when + ") " + refuse;
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

    private static String digest(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }
}
