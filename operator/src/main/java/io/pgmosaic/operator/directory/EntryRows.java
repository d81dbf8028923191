package io.pgmosaic.operator.directory;

import io.pgmosaic.routing.guard.DirectorySchema;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** The entries of one shard. Each method is one transaction of a session in autocommit. */
final class EntryRows {
    /** Of the session that changes entries of keys whose home this is. */
    private static final long LOCK = 5570193308531903819L;

    /**
     * @param shard at home, the one that has the key or gets it; elsewhere, the home
     * @param attempt of the change that wrote it
     */
    record Row(String group, String region, String key, String shard, long attempt, String state) {
        boolean is(String one) {
            return state.equals(one);
        }
    }

    /** Where attempts of the primary's term begin, far above those of the term before. */
    private static final String BEFORE_TERM =
            "SELECT coalesce(nullif(current_setting('mosaic.term', true), ''), '0')::bigint << 32";

    private static final String MATCHES = " (grp, region, key) IN (SELECT g, r, k FROM ROWS FROM"
            + " (unnest(?::text[]), unnest(?::text[]), unnest(?::text[])) AS given (g, r, k))";

    private final Connection session;

    EntryRows(Connection session) {
        this.session = session;
    }

    Connection session() {
        return session;
    }

    /** Whether this session alone may now change entries of keys whose home this is; until it ends. */
    boolean lock() throws SQLException {
        try (Statement statement = session.createStatement()) {
            statement.execute("SELECT pg_advisory_lock(" + LOCK + ")");
            return true;
        } catch (SQLException e) {
            if ("55P03".equals(e.getSQLState())) {
                return false;
            }
            throw e;
        }
    }

    /** What is to be done in the transaction of a change. */
    interface Change {
        void make(long attempt) throws SQLException;
    }

    /**
     * A change after which this shard refuses keys that it had. Who reads entries by an older snapshot finds out that it is old,
     * by the sequence, which no snapshot hides; so that is moved before anything is committed.
     *
     * @return the attempt's number, higher than any before: than those, too, that a failover has lost, which the primary of an earlier
     *     term may have left at other shards
     */
    long refusing(Change change) throws SQLException {
        return transaction(() -> {
            long attempt = number("SELECT version FROM mosaic.directory_version FOR UPDATE");
            attempt = Math.max(attempt, number("SELECT last_value FROM mosaic.directory_changes"));
            attempt = Math.max(attempt, number(BEFORE_TERM)) + 1;
            number("SELECT setval('mosaic.directory_changes', " + attempt + ")");
            update("UPDATE mosaic.directory_version SET version = " + attempt);
            change.make(attempt);
            return attempt;
        });
    }

    /** Whether a change was cut off between the sequence and its end; then transactions of older snapshots cannot write. */
    boolean isOutOfStep() throws SQLException {
        return number(
                        "SELECT (SELECT last_value FROM mosaic.directory_changes) - version FROM mosaic.directory_version")
                != 0;
    }

    List<Row> find(Collection<Tenant> tenants, String group) throws SQLException {
        try (PreparedStatement statement = session.prepareStatement(
                "SELECT grp, region, key, shard, attempt, state FROM mosaic.directory WHERE" + MATCHES)) {
            keys(statement, 1, tenants, group);
            return rows(statement);
        }
    }

    /** Those of changes that are under way, or were left: the first ones of each kind, since one kind may stay. */
    List<Row> unsettled(int limit) throws SQLException {
        try (PreparedStatement statement =
                session.prepareStatement("SELECT grp, region, key, shard, attempt, state FROM (SELECT *, row_number()"
                        + " OVER (PARTITION BY grp, shard, state ORDER BY attempt, region, key) AS n"
                        + " FROM mosaic.directory WHERE state IN ('p', 'r', 'l')) AS d WHERE n <= " + limit
                        + " ORDER BY attempt, grp, region, key")) {
            return rows(statement);
        }
    }

    /** To be called within {@link #refusing}. */
    void give(Collection<Tenant> tenants, String group, String shard, long attempt) throws SQLException {
        try (PreparedStatement statement =
                session.prepareStatement("INSERT INTO mosaic.directory (grp, region, key, shard, attempt, state)"
                        + " SELECT g, r, k, ?, ?, '" + DirectorySchema.GIVING + "' FROM ROWS FROM"
                        + " (unnest(?::text[]), unnest(?::text[]), unnest(?::text[])) AS given (g, r, k)")) {
            statement.setString(1, shard);
            statement.setLong(2, attempt);
            keys(statement, 3, tenants, group);
            statement.executeUpdate();
        }
    }

    /**
     * Takes entries from one state to another, under a new attempt. To be called within {@link #refusing}.
     *
     * @param from a text of all states that it may be in
     */
    int restate(Collection<Tenant> tenants, String group, String from, String to, long attempt) throws SQLException {
        try (PreparedStatement statement = session.prepareStatement("UPDATE mosaic.directory SET state = '" + to
                + "', attempt = ? WHERE position(state::text IN ?) > 0 AND attempt < ? AND" + MATCHES)) {
            statement.setLong(1, attempt);
            statement.setString(2, from);
            statement.setLong(3, attempt);
            keys(statement, 4, tenants, group);
            return statement.executeUpdate();
        }
    }

    /** Ends an attempt, unless somebody has overtaken it. */
    int settle(Collection<Tenant> tenants, String group, String from, String to, long attempt) throws SQLException {
        return ending("UPDATE mosaic.directory SET state = '" + to + "' WHERE", tenants, group, from, attempt);
    }

    /** Ends an attempt, unless somebody has overtaken it. */
    int remove(Collection<Tenant> tenants, String group, String from, long attempt) throws SQLException {
        return ending("DELETE FROM mosaic.directory WHERE", tenants, group, from, attempt);
    }

    private int ending(String sql, Collection<Tenant> tenants, String group, String from, long attempt)
            throws SQLException {
        try (PreparedStatement statement =
                session.prepareStatement(sql + " state = '" + from + "' AND attempt = ? AND" + MATCHES)) {
            statement.setLong(1, attempt);
            keys(statement, 2, tenants, group);
            return statement.executeUpdate();
        }
    }

    /**
     * Refuses all older attempts of a home from now on.
     *
     * @throws SQLException of state {@link DirectorySchema#OVERTAKEN} when a later one was here
     */
    void fence(String home, long attempt) throws SQLException {
        try (PreparedStatement statement = session.prepareStatement(
                "INSERT INTO mosaic.directory_fence AS f (home, attempt) VALUES (?, ?)"
                        + " ON CONFLICT (home) DO UPDATE SET attempt = EXCLUDED.attempt WHERE f.attempt <= EXCLUDED.attempt")) {
            statement.setString(1, home);
            statement.setLong(2, attempt);
            if (statement.executeUpdate() == 0) {
                throw new SQLException("another operator has gone on with it", DirectorySchema.OVERTAKEN);
            }
        }
    }

    /** Has the keys from now on, unless a later attempt was here. */
    void take(Collection<Tenant> tenants, String group, String home, long attempt) throws SQLException {
        transaction(() -> {
            fence(home, attempt);
            try (PreparedStatement statement = session.prepareStatement(
                    "INSERT INTO mosaic.directory AS d (grp, region, key, shard, attempt, state)"
                            + " SELECT g, r, k, ?, ?, '"
                            + DirectorySchema.MINE + "' FROM ROWS FROM"
                            + " (unnest(?::text[]), unnest(?::text[]), unnest(?::text[])) AS given (g, r, k)"
                            + " ON CONFLICT (key, grp, region) DO UPDATE"
                            + " SET state = EXCLUDED.state, attempt = EXCLUDED.attempt, shard = EXCLUDED.shard"
                            + " WHERE d.attempt < EXCLUDED.attempt")) {
                statement.setString(1, home);
                statement.setLong(2, attempt);
                keys(statement, 3, tenants, group);
                statement.executeUpdate();
            }
            return attempt;
        });
    }

    private interface Work {
        long run() throws SQLException;
    }

    private long transaction(Work work) throws SQLException {
        session.setAutoCommit(false);
        try {
            long result = work.run();
            session.commit();
            return result;
        } catch (SQLException e) {
            try {
                session.rollback();
            } catch (SQLException lost) {
                e.addSuppressed(lost);
            }
            throw e;
        } finally {
            if (!session.isClosed()) {
                session.setAutoCommit(true);
            }
        }
    }

    private long number(String query) throws SQLException {
        try (Statement statement = session.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            if (!row.next()) {
                throw new SQLException("the directory of this shard is not set up");
            }
            return row.getLong(1);
        }
    }

    private void update(String sql) throws SQLException {
        try (Statement statement = session.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    private void keys(PreparedStatement statement, int first, Collection<Tenant> tenants, String group)
            throws SQLException {
        statement.setArray(first, texts(tenants.stream().map(tenant -> group).toList()));
        statement.setArray(first + 1, texts(tenants.stream().map(Tenant::region).toList()));
        statement.setArray(first + 2, texts(tenants.stream().map(Tenant::text).toList()));
    }

    private Array texts(List<String> texts) throws SQLException {
        return session.createArrayOf("text", texts.toArray());
    }

    private static List<Row> rows(PreparedStatement statement) throws SQLException {
        List<Row> rows = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                rows.add(new Row(
                        row.getString(1),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        row.getLong(5),
                        row.getString(6)));
            }
        }
        return rows;
    }
}
