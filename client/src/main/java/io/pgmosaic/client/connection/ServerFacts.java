package io.pgmosaic.client.connection;

import io.pgmosaic.client.topology.Position;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * What a server says of itself.
 *
 * @param standby whether it replays another one's log
 * @param term as its configuration says; 0 when it says none
 * @param shard as its configuration says; empty when it says none
 * @param lsn of a standby, how far it has replayed; of a primary, how far its log goes: beyond every commit
 */
public record ServerFacts(boolean standby, long term, String shard, long lsn) {
    private static final String QUESTION = """
            SELECT pg_catalog.pg_is_in_recovery(),
                   COALESCE(NULLIF(pg_catalog.current_setting('mosaic.term', true), ''), '0'),
                   COALESCE(pg_catalog.current_setting('mosaic.shard', true), ''),
                   COALESCE(CASE WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_last_wal_replay_lsn()
                                 ELSE pg_catalog.pg_current_wal_insert_lsn() END, '0/0')::pg_catalog.text""";

    /** Asks on a connection in autocommit. */
    public static ServerFacts of(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(QUESTION)) {
            row.next();
            return new ServerFacts(
                    row.getBoolean(1),
                    Long.parseLong(row.getString(2)),
                    row.getString(3),
                    Position.parse(row.getString(4)));
        }
    }

    /** The position to remember after something was written or read here. */
    public Position position() {
        return new Position(term, lsn);
    }

    boolean isAt(long otherLsn) {
        return Long.compareUnsigned(lsn, otherLsn) >= 0;
    }
}
