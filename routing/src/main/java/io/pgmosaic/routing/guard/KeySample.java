package io.pgmosaic.routing.guard;

import io.pgmosaic.routing.key.KeyType;

/** Queries for where some of a table's rows are, by which a shard is split. They use built-in functions alone. */
public final class KeySample {
    private KeySample() {}

    /**
     * A query for one column of text, {@code place}: the hashes of the keys of some rows.
     *
     * @param percent of the table's blocks to look at, above 0 and up to 100
     * @param limit of the rows
     */
    public static String hashes(GuardedTable table, double percent, int limit) {
        return query(table, KeySql.ofRow("t", table, null).hash() + "::pg_catalog.text", percent, limit);
    }

    /** The same for the values of the key's first column, in the form in which a map has them. */
    public static String values(GuardedTable table, double percent, int limit) {
        String operand = KeySql.ofRow("t", table, null).operands().getFirst();
        String text = table.key().types().getFirst() == KeyType.TIMESTAMPTZ
                ? "pg_catalog.to_char(pg_catalog.timezone('UTC', " + operand + "), 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
                : operand + "::pg_catalog.text";
        return query(table, text, percent, limit);
    }

    private static String query(GuardedTable table, String place, double percent, int limit) {
        if (!(percent > 0 && percent <= 100)) {
            throw new IllegalArgumentException("not a percentage: " + percent);
        }
        return "SELECT s.place FROM (SELECT " + place + " AS place FROM " + table.qualifiedName()
                + " AS t TABLESAMPLE SYSTEM (" + percent + ")) AS s WHERE s.place IS NOT NULL LIMIT " + limit;
    }
}
