package io.pgmosaic.checker;

import io.pgmosaic.checker.Operation.Action.Insert;
import io.pgmosaic.checker.Operation.Action.Read;
import io.pgmosaic.checker.Operation.Action.Swap;
import io.pgmosaic.checker.Operation.Action.Write;
import io.pgmosaic.checker.Operation.Seen;
import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The tables of the test. Nothing keeps an id of {@code inserts} from being there twice: that is what is looked for. The key of
 * a sharded table must be in its primary key, so a random column is in it, too.
 */
public final class Tables {
    public static final String REGISTERS = "registers";
    public static final String INSERTS = "inserts";
    public static final String SQL = """
            CREATE TABLE registers (key bigint PRIMARY KEY, value bigint NOT NULL);
            CREATE TABLE inserts (
              key bigint NOT NULL,
              row uuid NOT NULL DEFAULT gen_random_uuid(),
              id bigint NOT NULL,
              PRIMARY KEY (key, row)
            );
            """;

    private static final String SERVER = "current_setting('mosaic.term'), current_setting('cluster_name')";

    private Tables() {}

    /** Inserts a row in the open transaction. */
    public static Seen insert(Statement statement, long key, Insert insert) throws SQLException {
        return seen(
                statement,
                "INSERT INTO inserts (key, id) VALUES (" + key + ", " + insert.id() + ") RETURNING " + SERVER);
    }

    /** Sets a register in the open transaction. */
    public static Seen write(Statement statement, long key, Write write) throws SQLException {
        return seen(
                statement,
                "INSERT INTO registers (key, value) VALUES (" + key + ", " + write.value()
                        + ") ON CONFLICT (key) DO UPDATE SET value = excluded.value RETURNING " + SERVER);
    }

    /** The value of a register, locked when it is there, so that the open transaction can set it to another one. */
    public static @Nullable Long lock(Statement statement, long key) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT value FROM registers WHERE key = " + key + " FOR UPDATE")) {
            return row.next() ? (Long) row.getLong(1) : null;
        }
    }

    /** Sets a register that {@link #lock} has locked or not found. */
    public static Seen set(Statement statement, long key, Swap swap) throws SQLException {
        return swap.expected() == null
                ? seen(
                        statement,
                        "INSERT INTO registers (key, value) VALUES (" + key + ", " + swap.value() + ") RETURNING "
                                + SERVER)
                : seen(
                        statement,
                        "UPDATE registers SET value = " + swap.value() + " WHERE key = " + key + " RETURNING "
                                + SERVER);
    }

    /** What a read found, and where. */
    public record Found(Read read, Seen seen) {}

    /**
     * Reads a register.
     *
     * @throws SQLException also when the server is not a primary
     */
    public static Found read(Statement statement, long key) throws SQLException {
        try (ResultSet row = statement.executeQuery(
                "SELECT " + SERVER + ", pg_is_in_recovery(), (SELECT value FROM registers WHERE key = " + key + ")")) {
            row.next();
            if (row.getBoolean(3)) {
                throw new SQLException("the server is no primary", "25006");
            }
            long value = row.getLong(4);
            Long found = row.wasNull() ? null : (Long) value;
            return new Found(new Read(found), new Seen(row.getLong(1), row.getString(2), System.nanoTime()));
        }
    }

    private static Seen seen(Statement statement, String sql) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return new Seen(row.getLong(1), row.getString(2), System.nanoTime());
        }
    }

    /** Every id of {@code inserts}, as often as it is there. */
    public static List<Long> ids(Connection connection) throws SQLException {
        List<Long> ids = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT id FROM inserts")) {
            while (rows.next()) {
                ids.add(rows.getLong(1));
            }
        }
        return ids;
    }

    /** Every key of which there is a row. */
    public static Set<Long> keys(Connection connection) throws SQLException {
        Set<Long> keys = new HashSet<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT key FROM inserts UNION SELECT key FROM registers")) {
            while (rows.next()) {
                keys.add(rows.getLong(1));
            }
        }
        return keys;
    }

    /** Every register that is there. */
    public static Map<Long, Long> registers(Connection connection) throws SQLException {
        Map<Long, Long> registers = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT key, value FROM registers")) {
            while (rows.next()) {
                registers.put(rows.getLong(1), rows.getLong(2));
            }
        }
        return registers;
    }
}
