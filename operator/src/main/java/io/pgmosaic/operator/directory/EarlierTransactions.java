package io.pgmosaic.operator.directory;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Waits for the transactions that may have written before a change was seen. */
final class EarlierTransactions {
    private static final long PAUSE_MILLIS = 10;

    /**
     * A snapshot knows of no transaction whose number is higher than that of all which are over, though it may be under way. A number
     * of our own that is over is higher than those that were given before.
     */
    private static final String OWN = "SELECT pg_current_xact_id()";

    private static final String RUNNING = """
            SELECT x.xid::text, coalesce(a.datname <> current_database(), false)
            FROM pg_snapshot_xip(pg_current_snapshot()) AS x (xid)
            LEFT JOIN pg_stat_activity AS a ON a.backend_xid = x.xid::xid
            """;

    private static final String DESCRIPTION = """
            SELECT coalesce(
              (SELECT format('process %s of %s, whose transaction began %s s ago', a.pid, a.usename,
                             extract(epoch FROM clock_timestamp() - a.xact_start)::int)
               FROM pg_stat_activity AS a WHERE a.backend_xid::text = (%L::numeric % 4294967296)::text),
              (SELECT format('the prepared transaction %s', p.gid)
               FROM pg_prepared_xacts AS p WHERE p.transaction::text = (%L::numeric % 4294967296)::text),
              'transaction ' || %L)
            """;

    private EarlierTransactions() {}

    /**
     * Returns when all transactions that have a number now are over: nobody else can have written by a snapshot of before.
     *
     * @param session outside of a transaction
     * @return empty, or what is still under way when the time is over
     */
    static String await(Connection session, Duration atMost) throws SQLException {
        try (Statement statement = session.createStatement()) {
            statement.execute(OWN);
        }
        long until = System.nanoTime() + atMost.toNanos();
        Set<String> earlier = running(session);
        while (!earlier.isEmpty()) {
            if (System.nanoTime() - until >= 0) {
                return describe(session, earlier.iterator().next());
            }
            pause();
            earlier.retainAll(running(session));
        }
        return "";
    }

    /** Those of other databases write nothing here. */
    private static Set<String> running(Connection session) throws SQLException {
        Set<String> running = new HashSet<>();
        try (Statement statement = session.createStatement();
                ResultSet row = statement.executeQuery(RUNNING)) {
            while (row.next()) {
                if (!row.getBoolean(2)) {
                    running.add(row.getString(1));
                }
            }
        }
        return running;
    }

    private static String describe(Connection session, String xid) throws SQLException {
        try (Statement statement = session.createStatement();
                ResultSet row = statement.executeQuery(DESCRIPTION.replace("%L", "'" + xid + "'"))) {
            row.next();
            return row.getString(1);
        }
    }

    /** PostgreSQL tells nobody when a transaction ends, so it is asked again. */
    private static void pause() throws SQLException {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException("the operator is being stopped", e);
        }
    }
}
