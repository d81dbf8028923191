package io.pgmosaic.operator.split.handover;

import io.pgmosaic.operator.split.SplitNames;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A receiver's promise not to be copied over any more in this version of the map. Its commit waits for the receiver's standbys, and so
 * all that was applied before is on them.
 */
final class Seal {
    private static final String SEAL = """
            UPDATE mosaic.moving AS m SET sealed_version = ?
            WHERE m.stem = ? AND (m.copy_began_at IS NULL OR m.copied_at IS NOT NULL)
              AND EXISTS (SELECT FROM mosaic.shard_map AS s WHERE s.version <= ?)
              AND EXISTS (SELECT FROM pg_catalog.pg_replication_slots AS slot
                          WHERE slot.slot_name = ? AND slot.wal_status IS DISTINCT FROM 'lost')
            """;

    /** Decodes what is between, so it is done before as well, when nobody waits for it. */
    private static final String ADVANCE = "SELECT FROM pg_catalog.pg_replication_slot_advance(?,"
            + " pg_catalog.pg_current_wal_flush_lsn()) WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_replication_slots"
            + " WHERE slot_name = ? AND confirmed_flush_lsn >= pg_catalog.pg_current_wal_flush_lsn())";

    private Seal() {}

    /** @return whether the receiver has promised; otherwise its copy is not whole, it knows a later map, or the way back is gone */
    static boolean put(Connection receiver, SplitNames names, String wayBack, long version) throws SQLException {
        try (Statement setting = receiver.createStatement()) {
            setting.execute("SET synchronous_commit = on");
        }
        try (PreparedStatement statement = receiver.prepareStatement(SEAL)) {
            statement.setLong(1, version);
            statement.setString(2, names.stem());
            statement.setLong(3, version);
            statement.setString(4, wayBack);
            return statement.executeUpdate() == 1;
        }
    }

    /** What the receiver has from the sender does not go back to it. */
    static void advance(Connection receiver, String wayBack) throws SQLException {
        try (PreparedStatement statement = receiver.prepareStatement(ADVANCE)) {
            statement.setString(1, wayBack);
            statement.setString(2, wayBack);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
            }
        }
    }
}
