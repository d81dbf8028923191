package io.pgmosaic.instance.postgres;

import io.pgmosaic.protocol.Lsn;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Watches, after a reload, until no process that serves a standby can still release commits by the rule before it. Only one
 * that counts itself among the synchronous ones ({@code sync_priority}) can. It looks for a reload in each round, before it
 * reads replies and before it sends, so it has taken the reload when the standby has confirmed what was written after every
 * process had been told: that was sent in one round, and is answered in a later one. Replies alone would not show it, however
 * many: those that have piled up are read in a single round.
 */
final class WalSenders {
    /** One whose standby has not confirmed anything yet gives itself no priority until it has. */
    private static final String SQL = """
            SELECT pid, application_name
              FROM pg_stat_replication
             WHERE state <> 'backup'
               AND (sync_priority > 0 OR flush_lsn IS NULL AND position('"' || application_name || '"' IN ?) > 0)
               AND coalesce(flush_lsn < ?::pg_lsn, true)
            """;
    /** A confirmation is due at once after each flush. */
    private static final Duration HUNG = Duration.ofSeconds(3);

    private final String before;
    private final String names;
    private final Lsn written;
    private final long since = System.nanoTime();

    /**
     * @param before the names that were in force before
     * @param names that are in force now
     * @param written the end of something that was written when every process had been told
     */
    WalSenders(String before, String names, Lsn written) {
        this.before = before;
        this.names = names;
        this.written = written;
    }

    /** Those that serve somebody now. Who comes later is made by a postmaster that has read the rule. */
    static List<Long> processes(Connection connection) throws SQLException {
        List<Long> processes = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pid FROM pg_stat_replication")) {
            while (row.next()) {
                processes.add(row.getLong(1));
            }
        }
        return processes;
    }

    /** Looks once. */
    boolean allHaveTakenIt(Connection connection) throws SQLException {
        boolean all = true;
        try (PreparedStatement statement = connection.prepareStatement(SQL)) {
            statement.setString(1, before);
            statement.setString(2, written.toString());
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    all = false;
                    endIfHungAndGone(row.getLong(1), String.valueOf(row.getString(2)));
                }
            }
        }
        return all;
    }

    /** One that still counts itself in although its standby is not among the names, and hears nothing from it. */
    private void endIfHungAndGone(long pid, String standby) {
        if (System.nanoTime() - since > HUNG.toNanos() && !names.contains("\"" + standby + "\"")) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroy);
        }
    }
}
