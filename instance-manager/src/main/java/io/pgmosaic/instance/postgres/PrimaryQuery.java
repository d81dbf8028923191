package io.pgmosaic.instance.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;

/** Short questions about whether the server is a primary, and since when. */
public final class PrimaryQuery {
    private PrimaryQuery() {}

    public static boolean inRecovery(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_is_in_recovery()")) {
            row.next();
            return row.getBoolean(1);
        }
    }

    /** Of a primary. */
    public static long timeline(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)")) {
            row.next();
            return Long.parseLong(row.getString(1), 16);
        }
    }

    /** To the millisecond. */
    public static Instant startedAt(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT extract(epoch FROM pg_postmaster_start_time())")) {
            row.next();
            return instant(row.getDouble(1));
        }
    }

    static Instant instant(double epochSeconds) {
        return Instant.ofEpochMilli((long) (epochSeconds * 1000));
    }
}
