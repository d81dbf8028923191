package io.pgmosaic.operator.split.clone;

import io.pgmosaic.operator.split.ShardDatabase;
import io.pgmosaic.operator.split.SplitNames;
import io.pgmosaic.operator.split.stream.Leftovers;
import io.pgmosaic.routing.guard.GuardChange;
import io.pgmosaic.routing.guard.GuardChange.Guarded;
import io.pgmosaic.routing.guard.SqlText;
import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes the database of a promoted clone that of its own shard. In order:
 *
 * <ol>
 *   <li>transactions that the source has prepared are rolled back: if the source commits them, they come through its slot;
 *   <li>in one transaction: what splits and streams have left of the source is dropped, the shard is told its name and that it owns
 *       nothing, and where its log left the source's is written down. As long as that is written and the copy has no end, rows are to be
 *       pruned.
 * </ol>
 *
 * Repeated, it changes nothing.
 */
public final class Adoption {
    private static final long LOCK_MILLIS = 1_000;

    /** Names the timelines that lead to the present one, each with where it was left. */
    private static final String LEFT = """
            SELECT (string_to_array(regexp_replace(btrim(l.line), '\\s+', ' ', 'g'), ' '))[2]
            FROM regexp_split_to_table(pg_read_file('pg_wal/' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)
                || '.history'), '\\n') AS l (line)
            WHERE l.line ~ ('^\\s*' || ? || '\\s')
            """;

    /** Without a position the copy does not count, and is made anew from row to row. */
    private static final String BEGIN = """
            INSERT INTO mosaic.moving (stem, split, copy_began_at, copy_position, copy_source_term, copy_target_term)
            VALUES (?, ?, clock_timestamp(), CAST(? AS pg_catalog.pg_lsn), ?, ?)
            """;

    private static final String SECTIONS = """
            INSERT INTO mosaic.copied_schema (section, stem) VALUES ('pre-data', ?), ('post-data', ?)
            ON CONFLICT DO NOTHING
            """;

    /**
     * Who the clone is to be.
     *
     * @param split its name, for messages
     * @param sourceTerm of the source's primary, which is the number of the timeline that it writes
     * @param mapVersion in force
     * @param guards of all guarded tables, by which it owns nothing
     */
    public record Order(SplitNames names, String split, long sourceTerm, long mapVersion, List<Guarded> guards) {
        public Order {
            guards = List.copyOf(guards);
        }
    }

    private Adoption() {}

    /**
     * @throws SQLException with SQLSTATE {@code 55P03} when a table's lock is not to be had now, or {@code MO002} when the map is older
     *     than what the database has seen: look again
     */
    public static void run(ShardDatabase clone, Order order) throws SQLException {
        try (Connection superuser = clone.asSuperuser();
                Statement statement = superuser.createStatement()) {
            for (String prepared : prepared(statement)) {
                statement.execute("ROLLBACK PREPARED " + SqlText.literal(prepared));
            }
            superuser.setAutoCommit(false);
            statement.execute("SET LOCAL lock_timeout = " + LOCK_MILLIS);
            if (!isForeign(statement, clone.shard())) {
                superuser.rollback();
                return;
            }
            Leftovers.dropAll(superuser, order.names());
            statement.execute("DELETE FROM mosaic.moving; DELETE FROM mosaic.moving_table;"
                    + " DELETE FROM mosaic.split_marker; UPDATE mosaic.shard_map SET frozen_version = NULL, shard = "
                    + SqlText.literal(clone.shard()));
            begin(superuser, clone, order);
            statement.execute(new GuardChange(clone.shard(), order.mapVersion(), LOCK_MILLIS).install(order.guards()));
            superuser.commit();
        }
    }

    private static List<String> prepared(Statement statement) throws SQLException {
        List<String> found = new ArrayList<>();
        try (ResultSet row =
                statement.executeQuery("SELECT gid FROM pg_prepared_xacts WHERE database = current_database()")) {
            while (row.next()) {
                found.add(row.getString(1));
            }
        }
        return found;
    }

    /** Locks the row by which every change of the guard goes. */
    private static boolean isForeign(Statement statement, String shard) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT shard FROM mosaic.shard_map FOR UPDATE")) {
            return row.next() && !row.getString(1).equals(shard);
        }
    }

    private static void begin(Connection superuser, ShardDatabase clone, Order order) throws SQLException {
        @Nullable String left = left(superuser, order.sourceTerm());
        try (PreparedStatement begin = superuser.prepareStatement(BEGIN);
                PreparedStatement sections = superuser.prepareStatement(SECTIONS)) {
            begin.setString(1, order.names().stem());
            begin.setString(2, order.split());
            begin.setString(3, left == null ? "0/0" : left);
            begin.setLong(4, order.sourceTerm());
            begin.setLong(5, clone.term());
            begin.executeUpdate();
            sections.setString(1, order.names().stem());
            sections.setString(2, order.names().stem());
            sections.executeUpdate();
        }
    }

    /** Null when the clone's log did not come from the source in that term. */
    private static @Nullable String left(Connection superuser, long sourceTerm) throws SQLException {
        try (PreparedStatement statement = superuser.prepareStatement(LEFT)) {
            statement.setString(1, Long.toString(sourceTerm));
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getString(1) : null;
            }
        }
    }
}
