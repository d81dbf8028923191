package io.pgmosaic.instance.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Watches, after a reload, until no process that serves a standby can still release commits by the rule before it. Only one
 * that counts itself among the synchronous ones ({@code sync_priority}) can; it takes the reload between two rounds of
 * replies, so it has when the standby's replies were seen to go on twice.
 */
final class WalSenders {
    private static final String SQL = """
            SELECT pid, application_name, reply_time::text, pg_current_wal_flush_lsn()::text
              FROM pg_stat_replication
             WHERE sync_priority > 0 AND state <> 'backup'
            """;
    /** A reply is due every second, and at once after each flush. */
    private static final Duration HUNG = Duration.ofSeconds(3);

    private static final int ENOUGH = 2;

    private final String names;
    private final long since = System.nanoTime();
    private final Map<Long, Seen> seen = new HashMap<>();

    private record Seen(String reply, int times) {}

    /** @param names that are in force now */
    WalSenders(String names) {
        this.names = names;
    }

    /** Looks once. */
    boolean allHaveTakenIt(Connection connection) throws SQLException {
        boolean all = true;
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(SQL)) {
            while (row.next()) {
                long pid = row.getLong(1);
                String reply = Objects.requireNonNullElse(row.getString(3), "");
                Seen before = seen.get(pid);
                Seen now = before == null
                        ? new Seen(reply, 0)
                        : before.reply().equals(reply) ? before : new Seen(reply, before.times() + 1);
                seen.put(pid, now);
                if (now.times() < ENOUGH) {
                    all = false;
                    endIfHungAndGone(pid, String.valueOf(row.getString(2)));
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
