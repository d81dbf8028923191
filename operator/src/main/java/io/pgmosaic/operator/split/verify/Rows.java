package io.pgmosaic.operator.split.verify;

import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Rows of some keys, on one side.
 *
 * @param place where a row is in the table, and who wrote it there: the same only as long as nobody touched it
 * @param columns a hash of each
 */
record Rows(long count, long hash, String place, List<Long> columns) {
    static Map<RowKey, Rows> read(Connection session, TableQueries queries, Collection<RowKey> keys)
            throws SQLException {
        Map<RowKey, Rows> found = new HashMap<>();
        try (Statement statement = session.createStatement();
                ResultSet rows = statement.executeQuery(queries.named(keys))) {
            while (rows.next()) {
                List<String> values = new ArrayList<>();
                for (int i = 0; i < queries.shape().key().size(); i++) {
                    values.add(rows.getString(4 + i));
                }
                Array columns = rows.getArray(3);
                List<Long> hashes = Arrays.asList((Long[]) columns.getArray());
                found.merge(new RowKey(values), new Rows(1, rows.getLong(1), rows.getString(2), hashes), Rows::and);
            }
        }
        return found;
    }

    /** Two of one key can be where there is no index that forbids it. */
    private Rows and(Rows other) {
        return new Rows(count + other.count, hash + other.hash, place + ", " + other.place, columns);
    }

    boolean isSame(Rows other) {
        return count == other.count && hash == other.hash;
    }
}
