package io.pgmosaic.instance.postgres;

import io.pgmosaic.protocol.Lsn;
import io.pgmosaic.protocol.instance.LogPosition;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/** Asks a standby into which nothing streams any more how far its log goes. */
public final class LogEndQuery {
    // Without a receiver since its start only the end of replay tells, and only once the server waits for more.
    private static final String SQL = """
            SELECT greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())::text,
                   pg_last_wal_receive_lsn() IS NOT NULL
                       OR EXISTS (SELECT FROM pg_stat_activity
                                   WHERE backend_type = 'startup' AND wait_event = 'RecoveryRetrieveRetryInterval'),
                   greatest((SELECT timeline_id FROM pg_control_checkpoint()),
                            (SELECT min_recovery_end_timeline FROM pg_control_recovery()))
             WHERE pg_is_in_recovery()
            """;

    private LogEndQuery() {}

    /**
     * @param latestSegment see {@link LogFiles#latestTimeline}
     * @return empty while the server still reads what it has, and when it is no standby
     */
    public static Optional<LogPosition> run(Connection connection, long latestSegment) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(SQL)) {
            if (!row.next() || !row.getBoolean(2) || row.getString(1) == null) {
                return Optional.empty();
            }
            return Optional.of(new LogPosition(Math.max(latestSegment, row.getLong(3)), Lsn.parse(row.getString(1))));
        }
    }
}
