package io.pgmosaic.checker.accounts;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * The tables of accounts: a row for each key, its entries, which a foreign key ties to it and a sequence numbers, and rows that
 * nobody changes.
 */
public final class AccountTables {
    public static final String ACCOUNTS = "accounts";
    public static final String ENTRIES = "entries";
    public static final String BALLAST = "ballast";
    /** A reference table. */
    public static final String UNITS = "units";

    public static final String SQL = """
            CREATE TABLE accounts (key bigint PRIMARY KEY, version bigint NOT NULL);
            CREATE SEQUENCE entry_ids;
            CREATE TABLE entries (
              key bigint NOT NULL REFERENCES accounts,
              id bigint NOT NULL DEFAULT nextval('entry_ids'),
              amount bigint NOT NULL,
              PRIMARY KEY (key, id)
            );
            CREATE TABLE ballast (key bigint PRIMARY KEY, note text NOT NULL);
            CREATE TABLE units (code text PRIMARY KEY);
            INSERT INTO units VALUES ('EUR'), ('USD');
            """;

    private static final int MOST_ENTRIES = 8;
    private static final int MOST_AT_ONCE = 3;

    private AccountTables() {}

    /**
     * Changes an account in the open transaction: some entries more, some fewer, some with another amount. The first statement
     * writes, so that a shard that does not own the key refuses it before anything is read.
     */
    public static AccountChange change(Connection connection, long key, SplittableRandom random) throws SQLException {
        long version = returned(
                connection,
                "INSERT INTO accounts AS a VALUES (?, 1) ON CONFLICT (key) DO UPDATE SET version = a.version + 1"
                        + " RETURNING version",
                key);
        SortedMap<Long, Long> entries = entries(connection, key);
        AccountState found = new AccountState(version - 1, entries);
        SortedMap<Long, Long> after = new TreeMap<>(entries);
        List<Long> ids = new ArrayList<>(entries.keySet());
        while (ids.size() > MOST_ENTRIES || (ids.size() > 1 && random.nextInt(3) == 0)) {
            long id = ids.remove(random.nextInt(ids.size()));
            exactlyOne(connection, "DELETE FROM entries WHERE key = ? AND id = ?", key, id);
            after.remove(id);
        }
        for (long id : ids) {
            if (random.nextBoolean()) {
                exactlyOne(connection, "UPDATE entries SET amount = amount + 1 WHERE key = ? AND id = ?", key, id);
                after.merge(id, 1L, Long::sum);
            }
        }
        List<Long> given = new ArrayList<>();
        for (int i = 1 + random.nextInt(MOST_AT_ONCE); i > 0; i--) {
            long id = returned(connection, "INSERT INTO entries (key, amount) VALUES (?, 0) RETURNING id", key);
            given.add(id);
            after.put(id, 0L);
        }
        return new AccountChange(found, new AccountState(version, after), given);
    }

    /** What there is of a key. */
    public static AccountState read(Connection connection, long key) throws SQLException {
        // One statement, so that it is of one moment without a transaction.
        try (PreparedStatement statement = connection.prepareStatement("SELECT a.version, e.id, e.amount FROM accounts"
                + " AS a LEFT JOIN entries AS e ON e.key = a.key WHERE a.key = ?")) {
            statement.setLong(1, key);
            try (ResultSet row = statement.executeQuery()) {
                long version = 0;
                SortedMap<Long, Long> entries = new TreeMap<>();
                while (row.next()) {
                    version = row.getLong(1);
                    put(entries, row);
                }
                return new AccountState(version, entries);
            }
        }
    }

    /** Everything that a database has, by key; entries without an account too, as version 0. */
    public static Map<Long, AccountState> all(Connection connection) throws SQLException {
        Map<Long, Long> versions = new HashMap<>();
        Map<Long, SortedMap<Long, Long>> entries = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT coalesce(a.key, e.key), e.id, e.amount, a.version"
                        + " FROM accounts AS a FULL JOIN entries AS e ON e.key = a.key")) {
            while (row.next()) {
                versions.put(row.getLong(1), row.getLong(4));
                put(entries.computeIfAbsent(row.getLong(1), none -> new TreeMap<>()), row);
            }
        }
        Map<Long, AccountState> all = new HashMap<>();
        versions.forEach(
                (key, version) -> all.put(key, new AccountState(version, entries.getOrDefault(key, new TreeMap<>()))));
        return all;
    }

    /** The keys of the rows that nobody changes. */
    public static List<Long> ballast(Connection connection) throws SQLException {
        List<Long> keys = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT key FROM ballast")) {
            while (row.next()) {
                keys.add(row.getLong(1));
            }
        }
        return keys;
    }

    private static void put(SortedMap<Long, Long> entries, ResultSet row) throws SQLException {
        long id = row.getLong(2);
        if (!row.wasNull()) {
            entries.put(id, row.getLong(3));
        }
    }

    private static SortedMap<Long, Long> entries(Connection connection, long key) throws SQLException {
        return read(connection, key).entries();
    }

    private static long returned(Connection connection, String sql, long key) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, key);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    private static void exactlyOne(Connection connection, String sql, long key, long id) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, key);
            statement.setLong(2, id);
            int rows = statement.executeUpdate();
            if (rows != 1) {
                throw new IllegalStateException(
                        rows + " rows were changed by: " + sql + " of key " + key + ", id " + id);
            }
        }
    }
}
