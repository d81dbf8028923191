package io.pgmosaic.operator.split.clone;

import io.pgmosaic.operator.split.ShardDatabase;
import io.pgmosaic.operator.split.SplitNames;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;

/**
 * A clone whose rows that do not move are deleted: whether that makes it a whole copy, and that it is one.
 *
 * @param began when the copy began, by which it is told from any later one
 * @param position where its log left the source's, in PostgreSQL's text
 * @param sourceTerm of the source, then
 */
public record PrunedClone(Timestamp began, String position, long sourceTerm) {
    private static final String FIND = "SELECT copy_began_at, copy_position::text, copy_source_term FROM mosaic.moving"
            + " WHERE stem = ? AND copy_position IS NOT NULL AND copied_at IS NULL";

    /** A slot that was made after the clone was cut lacks what came in between. */
    private static final String KEPT = """
            SELECT FROM pg_replication_slots
            WHERE slot_name = ? AND database = current_database() AND wal_status IS DISTINCT FROM 'lost'
              AND confirmed_flush_lsn <= CAST(? AS pg_catalog.pg_lsn)
            """;

    private static final String END = "SELECT mosaic.end_copy(?, ?, CAST(? AS pg_catalog.pg_lsn), ?, ?)";

    private static final String GIVE_UP = "UPDATE mosaic.moving SET copy_position = NULL"
            + " WHERE stem = ? AND copy_began_at = ? AND copied_at IS NULL";

    /** @throws SQLException also when there is none, or not any more: look again */
    public static PrunedClone find(ShardDatabase clone, SplitNames names) throws SQLException {
        try (Connection superuser = clone.asSuperuser();
                PreparedStatement statement = superuser.prepareStatement(FIND)) {
            statement.setString(1, names.stem());
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    throw new SQLException("shard " + clone.shard() + " is not a clone that is pruned any more");
                }
                return new PrunedClone(row.getTimestamp(1), row.getString(2), row.getLong(3));
            }
        }
    }

    /**
     * Keeps the copy from being ended, and another one from beginning, until the open transaction ends.
     *
     * @throws SQLException with SQLSTATE {@code MO006} when that has happened already
     */
    public void goOn(Connection mover, SplitNames names) throws SQLException {
        try (PreparedStatement statement = mover.prepareStatement("SELECT mosaic.go_on_copy(?, ?)")) {
            statement.setString(1, names.stem());
            statement.setTimestamp(2, began);
            statement.execute();
        }
    }

    /** Whether all that the source has accepted since the clone was cut comes through its slot. */
    public boolean isContinuedBy(ShardDatabase source, SplitNames names) throws SQLException {
        if (source.term() != sourceTerm) {
            return false;
        }
        try (Connection superuser = source.asSuperuser();
                PreparedStatement statement = superuser.prepareStatement(KEPT)) {
            statement.setString(1, names.forward());
            statement.setString(2, position);
            try (ResultSet row = statement.executeQuery()) {
                return row.next();
            }
        }
    }

    /** The copy is whole. Its commit waits for the standbys, and with it all that was deleted. */
    public void end(ShardDatabase clone, SplitNames names) throws SQLException {
        try (Connection superuser = clone.asSuperuser();
                PreparedStatement statement = superuser.prepareStatement(END)) {
            statement.setString(1, names.stem());
            statement.setTimestamp(2, began);
            statement.setString(3, position);
            statement.setLong(4, sourceTerm);
            statement.setLong(5, clone.term());
            statement.execute();
        }
    }

    /** The copy does not count: the next one is from row to row. */
    public void giveUp(ShardDatabase clone, SplitNames names) throws SQLException {
        try (Connection superuser = clone.asSuperuser();
                PreparedStatement statement = superuser.prepareStatement(GIVE_UP)) {
            statement.setString(1, names.stem());
            statement.setTimestamp(2, began);
            statement.executeUpdate();
        }
    }
}
