package io.pgmosaic.operator.split.prune;

import io.pgmosaic.routing.guard.Guard;
import io.pgmosaic.routing.guard.GuardedTable;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Deletes the rows of a table that a guard does not let be written, some blocks at a time, each in a transaction of its own: a
 * table is read once, and its locks and its share of the log stay small. It can be ended anywhere and begun again.
 */
public final class Pruning {
    /** Some thousand rows of usual size. */
    private static final int BLOCKS = 128;

    /** What a step reads, at most. */
    public static final long BYTES = BLOCKS * 8192L;

    /** A partitioned table has its rows in its leaves. */
    private static final String LEAVES = """
            SELECT pg_catalog.format('%I.%I', n.nspname, c.relname),
                   pg_catalog.pg_relation_size(c.oid) / pg_catalog.current_setting('block_size')::bigint
            FROM (SELECT ?::pg_catalog.regclass AS relid
                  UNION SELECT relid FROM pg_catalog.pg_partition_tree(?::pg_catalog.regclass)) AS tree
            JOIN pg_catalog.pg_class AS c ON c.oid = tree.relid
            JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
            WHERE c.relkind = 'r'
            ORDER BY 1
            """;

    private final Connection mover;
    private final Permission permission;
    private final Pace pace;

    /** Asked in each transaction before it deletes anything. */
    public interface Permission {
        /** @throws SQLException when the guard by which rows are deleted may not be the shard's any more */
        void require(Connection mover) throws SQLException;
    }

    /** Asked after each step, which may take its time to answer. */
    public interface Pace {
        /**
         * @param rows that were deleted by the step
         * @param done of the blocks of the table
         * @return whether to go on
         */
        boolean goOn(long rows, long done, long blocks) throws InterruptedException;
    }

    private record Leaf(String name, long blocks) {}

    /** @param mover a session of the role that moves rows, for which triggers and foreign keys do not fire */
    public Pruning(Connection mover, Permission permission, Pace pace) {
        this.mover = mover;
        this.permission = permission;
        this.pace = pace;
    }

    /**
     * Deletes the rows that {@code guard} refuses.
     *
     * @throws SQLException also what the permission throws; what is deleted by then stays so
     * @return whether it came to the end
     */
    public boolean prune(GuardedTable table, Guard guard) throws SQLException, InterruptedException {
        List<Leaf> leaves = leaves(table);
        long blocks = leaves.stream().mapToLong(Leaf::blocks).sum();
        long done = 0;
        for (Leaf leaf : leaves) {
            for (long from = 0; from < leaf.blocks(); from += BLOCKS) {
                long rows = delete(leaf, guard.owns(table, "t"), from);
                done += Math.min(BLOCKS, leaf.blocks() - from);
                if (!pace.goOn(rows, done, blocks)) {
                    return false;
                }
            }
        }
        return true;
    }

    private long delete(Leaf leaf, String owned, long from) throws SQLException {
        mover.setAutoCommit(false);
        try (Statement statement = mover.createStatement()) {
            permission.require(mover);
            long rows = statement.executeLargeUpdate("DELETE FROM ONLY " + leaf.name() + " AS t WHERE t.ctid >= '("
                    + from
                    + ",0)'::pg_catalog.tid AND t.ctid < '(" + (from + BLOCKS) + ",0)'::pg_catalog.tid AND (" + owned
                    + ") IS NOT TRUE");
            mover.commit();
            return rows;
        } catch (SQLException e) {
            mover.rollback();
            throw e;
        } finally {
            mover.setAutoCommit(true);
        }
    }

    private List<Leaf> leaves(GuardedTable table) throws SQLException {
        try (PreparedStatement statement = mover.prepareStatement(LEAVES)) {
            statement.setString(1, table.qualifiedName());
            statement.setString(2, table.qualifiedName());
            try (ResultSet row = statement.executeQuery()) {
                List<Leaf> leaves = new ArrayList<>();
                while (row.next()) {
                    leaves.add(new Leaf(row.getString(1), row.getLong(2)));
                }
                return leaves;
            }
        }
    }
}
