package io.pgmosaic.operator.migration.sql;

/** How a statement is run. */
public sealed interface Manner {
    /** In a transaction, with the record that it ran. */
    record InTransaction() implements Manner {}

    /**
     * Alone, by {@code CREATE INDEX CONCURRENTLY}. Broken off, it leaves an index that is not valid.
     *
     * @param table as the statement names it, quoted where needed
     * @param index its name, unquoted; it is made in the table's schema
     */
    record BuildIndex(String table, String index) implements Manner {}

    /**
     * Alone, by {@code DROP INDEX CONCURRENTLY}. Broken off, the index is there, and perhaps not valid.
     *
     * @param index as the statement names it, quoted where needed
     */
    record DropIndex(String index) implements Manner {}

    /** Alone; it can be run again whatever became of it. */
    record Repeatable() implements Manner {}
}
