package io.pgmosaic.operator.lookup;

import io.pgmosaic.routing.guard.LookupSchema;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** {@code mosaic.lookup_held} of one shard. For a session in autocommit. */
final class HeldTable {
    private final Connection session;

    HeldTable(Connection session) {
        this.session = session;
    }

    /** Has no reservation up to these numbers be used here any more; returns those of which a row is there. */
    Set<Claim> settle(List<Claim> claims) throws SQLException {
        record Name(String index, String value, String key) {}
        Set<Name> held = new HashSet<>();
        try (PreparedStatement statement = session.prepareStatement(LookupSchema.SETTLE)) {
            Claims.set(statement, claims);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    if (LookupSchema.HELD.equals(row.getString("state"))) {
                        held.add(new Name(row.getString("idx"), row.getString("value"), row.getString("key")));
                    }
                }
            }
        }
        Set<Claim> used = new HashSet<>(claims);
        used.removeIf(claim -> !held.contains(new Name(claim.index(), claim.value(), claim.key())));
        return used;
    }

    /** Whose rows are gone. */
    List<Claim> free(int limit) throws SQLException {
        try (PreparedStatement statement =
                        session.prepareStatement("SELECT idx, value, key, number FROM mosaic.lookup_held"
                                + " WHERE state = 'f' ORDER BY changed_at LIMIT " + limit);
                ResultSet row = statement.executeQuery()) {
            List<Claim> found = new ArrayList<>();
            while (row.next()) {
                found.add(Claims.claim(row));
            }
            return found;
        }
    }

    /** There is no entry of these any more; their tickets stay void. */
    void ended(List<Claim> gone) throws SQLException {
        try (PreparedStatement statement = session.prepareStatement(
                "UPDATE mosaic.lookup_held AS h SET state = 'v', changed_at = clock_timestamp()"
                        + " FROM ROWS FROM (unnest(?::text[]), unnest(?::text[]), unnest(?::text[]), unnest(?::int8[]))"
                        + " AS given (i, v, k, n) WHERE h.idx = given.i AND h.value = given.v AND h.key = given.k"
                        + " AND h.number = given.n AND h.state = 'f'")) {
            Claims.set(statement, gone);
            statement.executeUpdate();
        }
    }

    /** Forgets some of what was made void so long ago that its tickets have expired by any clock. */
    void forget(Duration olderThan, int limit) throws SQLException {
        try (PreparedStatement statement = session.prepareStatement("DELETE FROM mosaic.lookup_held AS h USING"
                + " (SELECT idx, value, key FROM mosaic.lookup_held WHERE state = 'v'"
                + " AND changed_at < clock_timestamp() - make_interval(secs => ?) LIMIT " + limit + ") AS old"
                + " WHERE h.idx = old.idx AND h.value = old.value AND h.key = old.key AND h.state = 'v'"
                + " AND h.changed_at < clock_timestamp() - make_interval(secs => ?)")) {
            statement.setDouble(1, olderThan.toMillis() / 1e3);
            statement.setDouble(2, olderThan.toMillis() / 1e3);
            statement.executeUpdate();
        }
    }
}
