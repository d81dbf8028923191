package io.pgmosaic.routing.guard;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A lookup index of a table: which sharding key has which value of another column. Each value is of one row, on whichever shard. Each
 * method gives one SQL statement.
 *
 * @param name of the index, unique in its cluster
 * @param column unquoted SQL name; of type text or character varying
 */
public record LookupIndex(String name, GuardedTable table, String column) {
    private static final String PREFIX = "mosaic_lookup_";
    private static final List<String> EVENTS = List.of("insert", "update", "delete", "truncate");

    /** @throws IllegalArgumentException when PostgreSQL can have no such names */
    public LookupIndex {
        SqlText.identifier(column);
        EVENTS.forEach(event -> trigger(name, event));
    }

    /**
     * Has the table take no value that was not reserved, from now on. Needs {@link GuardSchema#create} and the guards. The index is not
     * complete then: nothing can be reserved until {@link #complete}.
     *
     * @param lockTimeoutMillis how long to wait for the table; then SQLSTATE 55P03, nothing has changed, try again
     */
    public String install(long lockTimeoutMillis) {
        return Script.of(lockTimeoutMillis, """
                 LOCK TABLE %1$s IN SHARE ROW EXCLUSIVE MODE;
                 IF NOT EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = %2$s::regclass AND a.attname = %3$s
                      AND a.attnum > 0 AND NOT a.attisdropped
                      AND a.atttypid IN ('text'::regtype, 'character varying'::regtype)) THEN
                   RAISE EXCEPTION USING ERRCODE = '42804',
                     MESSAGE = format('%%s has no column %%s of type text or character varying', %2$s, %3$s);
                 END IF;
                 %4$s;
                 INSERT INTO mosaic.lookup_index (idx, table_schema, table_name, checksum, complete)
                   VALUES (%5$s, %6$s, %7$s, %8$s, false)
                   ON CONFLICT (idx) DO UPDATE SET checksum = EXCLUDED.checksum, complete = false;
               """.formatted(
                        table.qualifiedName(),
                        SqlText.literal(table.qualifiedName()),
                        SqlText.literal(column),
                        String.join(";\n", statements()),
                        SqlText.literal(name),
                        SqlText.literal(table.schema()),
                        SqlText.literal(table.name()),
                        SqlText.literal(checksum())));
    }

    /** Has values be reserved. To be called when, after {@link #install}, there is no {@link #unindexed} row. */
    public String complete() {
        return "UPDATE mosaic.lookup_index SET complete = true WHERE idx OPERATOR(pg_catalog.=) "
                + SqlText.literal(name);
    }

    /** A query for {@code known}, whether the index was on the table ever, and {@code intact}, whether it is there and complete. */
    public String state() {
        String triggers = EVENTS.stream()
                .map(event -> SqlText.literal(trigger(name, event)))
                .collect(Collectors.joining(", "));
        return """
                SELECT i.idx IS NOT NULL AS known, coalesce(i.complete, false) AND i.checksum OPERATOR(pg_catalog.=) %2$s AND (
                    SELECT pg_catalog.count(*) FROM pg_catalog.pg_trigger AS t
                    WHERE t.tgrelid OPERATOR(pg_catalog.=) pg_catalog.to_regclass(%3$s)
                      AND t.tgenabled OPERATOR(pg_catalog.=) 'O'::pg_catalog."char"
                      AND t.tgname::pg_catalog.text OPERATOR(pg_catalog.=) ANY (ARRAY[%4$s])) OPERATOR(pg_catalog.=) %5$d AS intact
                FROM (SELECT) AS one LEFT JOIN mosaic.lookup_index AS i ON i.idx OPERATOR(pg_catalog.=) %1$s
                """.formatted(
                        SqlText.literal(name),
                        SqlText.literal(checksum()),
                        SqlText.literal(table.qualifiedName()),
                        triggers,
                        EVENTS.size());
    }

    /** A query for one truth: whether the table has a row with a value that is not in the index. Reads the whole table. */
    public String unindexed() {
        return "SELECT EXISTS (SELECT FROM " + table.qualifiedName() + " AS t WHERE " + value("t")
                + " IS NOT NULL AND NOT EXISTS (SELECT FROM mosaic.lookup_held AS h WHERE h.idx OPERATOR(pg_catalog.=) "
                + SqlText.literal(name) + " AND h.value OPERATOR(pg_catalog.=) " + value("t")
                + " AND h.key OPERATOR(pg_catalog.=) " + key("t").directoryKey()
                + " AND h.state OPERATOR(pg_catalog.=) '"
                + LookupSchema.HELD + "'::pg_catalog.\"char\"))";
    }

    private List<String> statements() {
        String function = "mosaic." + SqlText.identifier("index_" + name);
        String body = "BEGIN PERFORM mosaic.lookup_change(" + SqlText.literal(name) + ", " + value("OLD") + ", "
                + key("OLD").directoryKey() + ", " + value("NEW") + ", "
                + key("NEW").directoryKey()
                + "); RETURN NULL; END";
        List<String> statements = new ArrayList<>();
        statements.add("CREATE OR REPLACE FUNCTION " + function + "() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER"
                + " SET search_path = pg_catalog, pg_temp AS " + SqlText.literal(body));
        statements.add("REVOKE ALL ON FUNCTION " + function + "() FROM PUBLIC");
        statements.add(onRows("insert", value("NEW") + " IS NOT NULL", function));
        // It acts with more rights than whoever writes, and must meet built-in types alone: PostgreSQL changes no type
        // of a column
        // that a trigger's condition names.
        statements.add(onRows("update", "(" + same() + ") IS NOT TRUE", function));
        statements.add(onRows("delete", value("OLD") + " IS NOT NULL", function));
        statements.add(
                "CREATE OR REPLACE TRIGGER " + SqlText.identifier(trigger(name, "truncate")) + " AFTER TRUNCATE ON "
                        + table.qualifiedName() + " FOR EACH STATEMENT EXECUTE FUNCTION mosaic.lookup_emptied("
                        + SqlText.literal(name) + ")");
        return statements;
    }

    private String onRows(String event, String condition, String function) {
        return "CREATE OR REPLACE TRIGGER " + SqlText.identifier(trigger(name, event)) + " AFTER " + event + " ON "
                + table.qualifiedName() + " FOR EACH ROW WHEN (" + condition + ") EXECUTE FUNCTION " + function + "()";
    }

    private String same() {
        List<String> was = new ArrayList<>(key("OLD").operands());
        List<String> is = new ArrayList<>(key("NEW").operands());
        was.add(value("OLD"));
        is.add(value("NEW"));
        List<String> equal = new ArrayList<>();
        for (int i = 0; i < was.size(); i++) {
            equal.add(was.get(i) + " OPERATOR(pg_catalog.=) " + is.get(i));
        }
        return String.join(" AND ", equal);
    }

    private KeySql key(String row) {
        return KeySql.ofRow(row, table, null);
    }

    private String value(String row) {
        return "(" + row + "." + SqlText.identifier(column) + "::pg_catalog.text COLLATE pg_catalog.\"C\")";
    }

    private static String trigger(String name, String event) {
        String trigger = PREFIX + name + "_" + event;
        SqlText.identifier(trigger);
        return trigger;
    }

    private String checksum() {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(String.join(";", statements()).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }
}
