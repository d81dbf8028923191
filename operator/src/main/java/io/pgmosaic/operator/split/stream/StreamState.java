package io.pgmosaic.operator.split.stream;

import io.pgmosaic.operator.split.plan.StreamFacts;
import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * What there is of a stream. Positions are in PostgreSQL's text.
 *
 * @param hasPublication at the sender
 * @param slot null when there is none
 * @param subscription null when there is none
 * @param senderPosition the end of the sender's log
 */
public record StreamState(
        boolean hasPublication,
        @Nullable Slot slot,
        @Nullable Subscription subscription,
        String senderPosition) {
    /**
     * @param isActive whether the receiver is connected
     * @param isLost whether the sender has thrown away log that it was for
     * @param confirmed up to where the receiver has what was sent
     * @param unconfirmedBytes of the sender's log after that
     * @param retainedBytes of the log that cannot be removed because of it
     */
    public record Slot(boolean isActive, boolean isLost, String confirmed, long unconfirmedBytes, long retainedBytes) {}

    /**
     * @param isWorking whether its worker runs
     * @param errors how often applying has failed since it was made
     * @param applied where the last transaction ended, in the sender's log, that was applied and is durable here; null for none
     * @param tables of which it takes changes
     */
    public record Subscription(
            boolean isEnabled,
            boolean isWorking,
            long errors,
            @Nullable String applied,
            int tables) {}

    private static final String SLOT = """
            SELECT EXISTS (SELECT FROM pg_publication WHERE pubname = ?), pg_current_wal_lsn()::text,
              s.slot_name IS NOT NULL, s.active, s.wal_status = 'lost', s.confirmed_flush_lsn::text,
              pg_wal_lsn_diff(pg_current_wal_lsn(), s.confirmed_flush_lsn)::int8,
              pg_wal_lsn_diff(pg_current_wal_lsn(), s.restart_lsn)::int8
            FROM (VALUES (?)) AS named (name) LEFT JOIN pg_replication_slots s ON s.slot_name = named.name
            """;

    private static final String SUBSCRIPTION = """
            SELECT s.subenabled, w.pid IS NOT NULL, coalesce(c.apply_error_count, 0),
              pg_replication_origin_progress('pg_' || s.oid, true)::text,
              (SELECT count(*) FROM pg_subscription_rel r WHERE r.srsubid = s.oid)
            FROM pg_subscription s
            JOIN pg_database d ON d.oid = s.subdbid AND d.datname = current_database()
            LEFT JOIN pg_stat_subscription w ON w.subid = s.oid AND w.relid IS NULL AND w.pid IS NOT NULL
            LEFT JOIN pg_stat_subscription_stats c ON c.subid = s.oid
            WHERE s.subname = ?
            """;

    static StreamState of(String name, Connection sender, Connection receiver) throws SQLException {
        Subscription subscription = subscription(name, receiver);
        try (PreparedStatement statement = sender.prepareStatement(SLOT)) {
            statement.setString(1, name);
            statement.setString(2, name);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                Slot slot = row.getBoolean(3)
                        ? new Slot(
                                row.getBoolean(4),
                                row.getBoolean(5),
                                String.valueOf(row.getString(6)),
                                row.getLong(7),
                                row.getLong(8))
                        : null;
                return new StreamState(row.getBoolean(1), slot, subscription, row.getString(2));
            }
        }
    }

    private static @Nullable Subscription subscription(String name, Connection receiver) throws SQLException {
        try (PreparedStatement statement = receiver.prepareStatement(SUBSCRIPTION)) {
            statement.setString(1, name);
            try (ResultSet row = statement.executeQuery()) {
                return row.next()
                        ? new Subscription(
                                row.getBoolean(1), row.getBoolean(2), row.getLong(3), row.getString(4), row.getInt(5))
                        : null;
            }
        }
    }

    /** Whether changes come now. */
    public boolean isFlowing() {
        return slot != null
                && slot.isActive()
                && !slot.isLost()
                && subscription != null
                && subscription.isEnabled()
                && subscription.isWorking();
    }

    /** The same as the planner of a split knows it. */
    public StreamFacts facts() {
        return new StreamFacts(
                slot != null && !slot.isLost(),
                slot != null && slot.isLost(),
                subscription != null,
                subscription != null && subscription.isEnabled(),
                isFlowing(),
                slot == null ? 0 : slot.unconfirmedBytes(),
                trouble());
    }

    private String trouble() {
        if (slot != null && slot.isLost()) {
            return "the sender has removed log that the receiver had not taken";
        }
        if (subscription == null || !subscription.isEnabled() || isFlowing()) {
            return "";
        }
        return slot == null
                ? "the sender has no replication slot any more"
                : "the receiver does not take changes; applying has failed " + subscription.errors()
                        + " times, and the log of its PostgreSQL says why";
    }
}
