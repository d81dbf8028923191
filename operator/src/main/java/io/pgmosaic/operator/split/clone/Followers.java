package io.pgmosaic.operator.split.clone;

import io.pgmosaic.operator.split.ShardDatabase;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** What the source knows of a clone that follows it. */
public final class Followers {
    private static final String NEAR = """
            SELECT FROM pg_stat_replication AS r, pg_replication_slots AS s
            WHERE r.application_name = ? AND r.state = 'streaming'
              AND s.slot_name = ? AND s.database = current_database() AND s.wal_status IS DISTINCT FROM 'lost'
              AND r.replay_lsn >= s.confirmed_flush_lsn
              AND pg_wal_lsn_diff(pg_current_wal_lsn(), r.replay_lsn) <= ?
            """;

    private Followers() {}

    /**
     * Whether an instance has replayed all from before what the slot keeps, and is less behind than that.
     *
     * @param slot a logical one from which nothing was taken yet
     */
    public static boolean isNear(ShardDatabase source, String instance, String slot, long bytes) throws SQLException {
        try (Connection superuser = source.asSuperuser();
                PreparedStatement statement = superuser.prepareStatement(NEAR)) {
            statement.setString(1, instance);
            statement.setString(2, slot);
            statement.setLong(3, bytes);
            try (ResultSet row = statement.executeQuery()) {
                return row.next();
            }
        }
    }
}
