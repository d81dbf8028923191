package io.pgmosaic.instance.postgres;

import io.pgmosaic.protocol.Lsn;
import io.pgmosaic.protocol.instance.AppliedConfiguration;
import io.pgmosaic.protocol.instance.ReplicaConnection;
import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads a {@link Sample}: one row about the server, and on a primary one row a standby. */
public final class SampleQuery {
    // A receiver that streams and has nothing left to replay is 0 behind whatever the age of the last commit; one that
    // does
    // not stream cannot say how far behind it is, however little is left to replay. A receiver calls itself streaming
    // from
    // its start, with both message times set to that moment; only a message that arrived makes them differ.
    private static final String SERVER = """
            SELECT s.standby,
                   current_setting('mosaic.term', true) AS term,
                   current_setting('mosaic.configuration', true) AS marker,
                   current_setting('synchronous_standby_names') AS sync_names,
                   extract(epoch FROM pg_postmaster_start_time()) AS started,
                   (SELECT string_agg(name, ',' ORDER BY name) FROM pg_settings WHERE pending_restart) AS pending,
                   CASE WHEN s.standby THEN coalesce(r.received_tli, (SELECT timeline_id FROM pg_control_checkpoint()))
                        ELSE ('x' || substr(pg_walfile_name(pg_current_wal_flush_lsn()), 1, 8))::bit(32)::int
                   END AS timeline,
                   CASE WHEN s.standby THEN greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())
                        ELSE pg_current_wal_flush_lsn()
                   END::text AS written,
                   CASE WHEN s.standby THEN pg_last_wal_replay_lsn() END::text AS replayed,
                   CASE WHEN s.standby AND r.heard AND r.status = 'streaming' THEN
                        CASE WHEN pg_last_wal_replay_lsn() >= pg_last_wal_receive_lsn() THEN 0
                             ELSE greatest(0, extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()))
                        END
                   END * 1000 AS lag,
                   r.status AS receiver_status,
                   r.heard,
                   r.flushed_lsn::text AS receiver_flushed,
                   CASE WHEN r.heard THEN
                        greatest(0, extract(epoch FROM clock_timestamp() - r.last_msg_receipt_time)) * 1000
                   END AS silence
              FROM (SELECT pg_is_in_recovery() AS standby) s
              LEFT JOIN (SELECT *, last_msg_send_time <> last_msg_receipt_time AS heard
                           FROM pg_stat_wal_receiver) r ON true
            """;
    private static final String REPLICAS = """
            SELECT application_name, state, sync_state, sent_lsn::text AS sent, flush_lsn::text AS flushed,
                   replay_lsn::text AS replayed, extract(epoch FROM replay_lag) * 1000 AS lag
              FROM pg_stat_replication
             WHERE application_name NOT LIKE '%\\_clone'
             ORDER BY application_name, pid
            """;

    private SampleQuery() {}

    /** On a primary that was not opened yet, the sessions of applications that slipped in while it closed are ended. */
    public static Sample run(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(SERVER)) {
            row.next();
            boolean standby = row.getBoolean("standby");
            Marker marker = Marker.parse(text(row, "marker"));
            boolean closed = marker != null && marker.closed();
            if (closed && !standby) {
                Sessions.endApplications(connection);
            }
            return new Sample(
                    Instant.now(),
                    standby,
                    term(row.getString("term")),
                    Integer.toUnsignedLong(row.getInt("timeline")),
                    lsn(row, "written"),
                    lsn(row, "replayed"),
                    number(row, "lag"),
                    receiver(row),
                    standby ? List.of() : replicas(connection),
                    marker != null && marker.acceptClients() && !closed,
                    configuration(row, marker),
                    PrimaryQuery.instant(row.getDouble("started")));
        }
    }

    private static List<ReplicaConnection> replicas(Connection connection) throws SQLException {
        List<ReplicaConnection> replicas = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(REPLICAS)) {
            while (row.next()) {
                replicas.add(new ReplicaConnection(
                        text(row, "application_name"),
                        text(row, "state"),
                        text(row, "sync_state"),
                        lsn(row, "sent"),
                        lsn(row, "flushed"),
                        lsn(row, "replayed"),
                        number(row, "lag")));
            }
        }
        return replicas;
    }

    private static Sample.@Nullable Receiver receiver(ResultSet row) throws SQLException {
        String status = row.getString("receiver_status");
        return status == null
                ? null
                : new Sample.Receiver(
                        status.equals("streaming") && row.getBoolean("heard"),
                        lsn(row, "receiver_flushed"),
                        number(row, "silence"));
    }

    private static @Nullable AppliedConfiguration configuration(ResultSet row, @Nullable Marker marker)
            throws SQLException {
        String pending = text(row, "pending");
        return marker == null
                ? null
                : marker.applied(
                        text(row, "sync_names"),
                        null,
                        pending.isEmpty() ? List.of() : Arrays.asList(pending.split(",")));
    }

    private static String text(ResultSet row, String column) throws SQLException {
        String text = row.getString(column);
        return text == null ? "" : text;
    }

    private static @Nullable Lsn lsn(ResultSet row, String column) throws SQLException {
        String text = row.getString(column);
        return text == null ? null : Lsn.parse(text);
    }

    private static @Nullable Long number(ResultSet row, String column) throws SQLException {
        double value = row.getDouble(column);
        return row.wasNull() ? null : (long) value;
    }

    private static long term(@Nullable String text) {
        try {
            return text == null || text.isEmpty() ? 0 : Long.parseLong(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
