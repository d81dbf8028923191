package io.pgmosaic.routing.guard;

import io.pgmosaic.routing.key.Key;
import io.pgmosaic.routing.key.KeyValue;
import io.pgmosaic.testing.ThrowawayPostgres;
import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** A database of its own with the guard's schema in it, and one connection in autocommit. */
final class GuardedDatabase implements AutoCloseable {
    static final long LOCK_TIMEOUT = 5_000;

    private final String name;
    private final Connection connection;

    GuardedDatabase() throws SQLException {
        name = ThrowawayPostgres.shared().createDatabase();
        connection = connect();
        run(GuardSchema.create(LOCK_TIMEOUT));
    }

    String name() {
        return name;
    }

    Connection connect() throws SQLException {
        return ThrowawayPostgres.shared().connect(name);
    }

    void run(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(sql);
        }
    }

    /** Runs what must fail and gives the failure. */
    SQLException refusal(String sql) {
        SQLException refusal = catchThrowableOfType(SQLException.class, () -> run(sql));
        if (refusal == null) {
            throw new AssertionError("was not refused: " + sql);
        }
        return refusal;
    }

    String one(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return String.valueOf(result.getString(1));
        }
    }

    /** All rows, their columns joined by a comma. */
    Set<String> rows(String sql) throws SQLException {
        Set<String> rows = new TreeSet<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            while (result.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    row.add(String.valueOf(result.getString(i)));
                }
                rows.add(String.join(",", row));
            }
        }
        return rows;
    }

    /** Whether the database took the row; false only for the guard's own refusal. */
    boolean accepts(String sql, Key key) throws SQLException {
        return accepts(sql, key.values());
    }

    /** @param values of the columns in order; null is SQL's */
    boolean accepts(String sql, List<? extends @Nullable KeyValue> values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            int parameter = 1;
            for (@Nullable KeyValue value : values) {
                switch (value) {
                    case null -> statement.setObject(parameter++, null);
                    case KeyValue.Bigint bigint -> statement.setLong(parameter++, bigint.value());
                    case KeyValue.Text text -> statement.setString(parameter++, text.value());
                    case KeyValue.Uuid uuid -> statement.setObject(parameter++, uuid.value());
                    case KeyValue.Timestamp time ->
                        statement.setObject(parameter++, time.instant().atOffset(ZoneOffset.UTC));
                }
            }
            statement.executeUpdate();
            return true;
        } catch (SQLException refusal) {
            if (GuardSchema.NOT_OWNED.equals(refusal.getSQLState())) {
                return false;
            }
            throw refusal;
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
