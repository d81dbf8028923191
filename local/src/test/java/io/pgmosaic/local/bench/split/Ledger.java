package io.pgmosaic.local.bench.split;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** What writers were told is written. */
final class Ledger {
    record Row(long customer, long id) {}

    private final Map<Row, Long> writes = new ConcurrentHashMap<>();
    private final Set<Row> unknown = ConcurrentHashMap.newKeySet();
    private final AtomicLong missed = new AtomicLong();

    /** @param changed rows that the statement found: a row that was acknowledged and is not there is lost */
    void acknowledged(Row row, int changed) {
        writes.merge(row, 1L, Long::sum);
        if (changed != 1) {
            missed.incrementAndGet();
        }
    }

    /** It may be written or not. */
    void unknown(Row row) {
        unknown.add(row);
    }

    int size() {
        return writes.size();
    }

    /**
     * How many rows are not as often written as was acknowledged, are not there, are there more than once, or were not found by an
     * update.
     *
     * @param shards a session on the primary of each shard
     */
    long lost(Iterable<Connection> shards) throws SQLException {
        Map<Row, Long> found = new HashMap<>();
        long wrong = missed.get();
        for (Connection shard : shards) {
            try (Statement statement = shard.createStatement();
                    ResultSet rows = statement.executeQuery("SELECT customer_id, id, n FROM orders WHERE id < 0")) {
                while (rows.next()) {
                    if (found.put(new Row(rows.getLong(1), rows.getLong(2)), rows.getLong(3)) != null) {
                        wrong++;
                    }
                }
            }
        }
        for (Map.Entry<Row, Long> write : writes.entrySet()) {
            if (!unknown.contains(write.getKey()) && !write.getValue().equals(found.get(write.getKey()))) {
                wrong++;
            }
        }
        return wrong;
    }
}
