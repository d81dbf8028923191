package io.pgmosaic.checker.consistency;

import org.jspecify.annotations.Nullable;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.NavigableSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;

/** What all applications together know of the counters. Each has one writer, who writes 1, 2, 3 and so on. */
public final class Counters {
    public static final String TABLE = "counters";
    public static final String SQL = "CREATE TABLE counters (key bigint PRIMARY KEY, value bigint NOT NULL);\n";

    private final Map<Long, NavigableSet<Long>> acknowledged = new ConcurrentHashMap<>();
    private final Map<Long, Published> published = new ConcurrentHashMap<>();

    /** A value that was acknowledged, and a token from after that. */
    record Published(long value, String token) {}

    void acknowledge(long key, long value) {
        acknowledged
                .computeIfAbsent(key, counter -> new ConcurrentSkipListSet<>())
                .add(value);
    }

    /** The greatest value up to {@code most} of which its writer was told that it is there to stay; 0 for none. */
    long lastAcknowledged(long key, long most) {
        NavigableSet<Long> values = acknowledged.get(key);
        Long last = values == null ? null : values.floor(most);
        return last == null ? 0 : last;
    }

    void publish(long key, long value, String token) {
        published.put(key, new Published(value, token));
    }

    /** The last that its writer passed on; null before the first. */
    @Nullable
    Published published(long key) {
        return published.get(key);
    }

    static void write(Statement statement, long key, long value) throws SQLException {
        statement.execute("INSERT INTO counters (key, value) VALUES (" + key + ", " + value
                + ") ON CONFLICT (key) DO UPDATE SET value = excluded.value");
    }

    /** 0 while it was never written. */
    static long read(Statement statement, long key) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT value FROM counters WHERE key = " + key)) {
            return row.next() ? row.getLong(1) : 0;
        }
    }
}
