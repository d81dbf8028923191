package io.pgmosaic.operator.lookup;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** {@code mosaic.lookup_entries} of one shard. For a session in autocommit. */
final class EntryTable {
    private static final String SAME =
            " FROM ROWS FROM (unnest(?::text[]), unnest(?::text[]), unnest(?::text[]), unnest(?::int8[]))"
                    + " AS given (i, v, k, n) WHERE e.idx = given.i AND e.value = given.v AND e.key = given.k";

    private final Connection session;

    EntryTable(Connection session) {
        this.session = session;
    }

    /** @param shard for which the last ticket was */
    record Reservation(Claim claim, String shard) {}

    /** Reservations of which nobody knows yet whether they were used. */
    List<Reservation> unsettled(Duration olderThan, int limit) throws SQLException {
        try (PreparedStatement statement = session.prepareStatement(
                "SELECT idx, value, key, number, shard FROM mosaic.lookup_entries WHERE NOT settled"
                        + " AND reserved_at < clock_timestamp() - make_interval(secs => ?) ORDER BY reserved_at LIMIT "
                        + limit)) {
            statement.setDouble(1, olderThan.toMillis() / 1e3);
            List<Reservation> found = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    found.add(new Reservation(Claims.claim(row), row.getString("shard")));
                }
            }
            return found;
        }
    }

    /** Reservations of exactly these numbers are used. */
    void settle(List<Claim> used) throws SQLException {
        update("UPDATE mosaic.lookup_entries AS e SET settled = true" + SAME + " AND e.number = given.n", used);
    }

    /** Takes away those of exactly these numbers. */
    int removeUnused(List<Claim> unused) throws SQLException {
        return update(
                "DELETE FROM mosaic.lookup_entries AS e USING" + SAME.substring(" FROM".length())
                        + " AND e.number = given.n",
                unused);
    }

    /** Takes away those of these numbers and lower ones. */
    int removeUpTo(List<Claim> gone) throws SQLException {
        return update(
                "DELETE FROM mosaic.lookup_entries AS e USING" + SAME.substring(" FROM".length())
                        + " AND e.number <= given.n",
                gone);
    }

    private int update(String sql, List<Claim> claims) throws SQLException {
        if (claims.isEmpty()) {
            return 0;
        }
        try (PreparedStatement statement = session.prepareStatement(sql)) {
            Claims.set(statement, claims);
            return statement.executeUpdate();
        }
    }
}
