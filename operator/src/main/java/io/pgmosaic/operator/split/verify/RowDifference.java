package io.pgmosaic.operator.split.verify;

import java.util.List;

/**
 * A row that is not the same on both sides.
 *
 * @param table as SQL
 * @param key the key's values as text, in the order of the table's primary key
 * @param columns the names of those that differ; empty for a row that one side lacks
 */
public record RowDifference(String table, Kind kind, List<String> keyColumns, List<String> key, List<String> columns) {
    public enum Kind {
        /** The sender has it, the receiver does not. */
        MISSING,
        /** The receiver has it, the sender does not. */
        EXTRA,
        CHANGED
    }
}
