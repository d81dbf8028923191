package io.pgmosaic.operator.split.stream;

import io.pgmosaic.operator.split.ShardDatabase;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Carries the users' sequences over: whoever gets the keys gives no number that the other has given already. */
public final class Sequences {
    private static final String READ = """
            SELECT format('%I.%I', n.nspname, c.relname), pg_sequence_last_value(c.oid)
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind = 'S' AND c.relpersistence <> 't'
              AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'mosaic') AND n.nspname NOT LIKE 'pg\\_%'
            """;

    /** Never backwards, whichever way it counts. */
    private static final String ADVANCE = """
            SELECT setval(s.seqrelid, CASE WHEN s.seqincrement > 0
                THEN greatest(?, pg_sequence_last_value(s.seqrelid)) ELSE least(?, pg_sequence_last_value(s.seqrelid)) END)
            FROM pg_sequence s WHERE s.seqrelid = to_regclass(?)
            """;

    /** Reading and setting one runs nothing of a user's, so the superuser can do it whoever made the sequence. */
    private record Given(String name, long last) {}

    private Sequences() {}

    /**
     * Has the receiver's sequences go on after the sender's.
     *
     * @return how many were set
     */
    public static int carryOver(ShardDatabase from, ShardDatabase to) throws SQLException {
        try (Connection sender = from.asSuperuser();
                Connection receiver = to.asSuperuser()) {
            receiver.setAutoCommit(false);
            int set = carryOver(sender, receiver);
            receiver.commit();
            return set;
        }
    }

    /** The same in sessions that are open, for a moment in which there is no time to open any. */
    public static int carryOver(Connection sender, Connection receiver) throws SQLException {
        List<Given> given = new ArrayList<>();
        try (Statement statement = sender.createStatement();
                ResultSet row = statement.executeQuery(READ)) {
            while (row.next()) {
                long last = row.getLong(2);
                if (!row.wasNull()) {
                    given.add(new Given(row.getString(1), last));
                }
            }
        }
        int set = 0;
        try (PreparedStatement advance = receiver.prepareStatement(ADVANCE)) {
            for (Given one : given) {
                advance.setLong(1, one.last());
                advance.setLong(2, one.last());
                advance.setString(3, one.name());
                try (ResultSet row = advance.executeQuery()) {
                    set += row.next() ? 1 : 0;
                }
            }
        }
        return set;
    }
}
