package io.pgmosaic.operator.migration.apply;

import io.pgmosaic.operator.migration.record.MigrationId;
import io.pgmosaic.operator.migration.record.ShardRecords;
import io.pgmosaic.operator.split.ShardDatabase;
import io.pgmosaic.operator.split.copy.ServerWatch;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * The one session that changes a shard for migrations. It has a lock for that, which a session of an operator that died has until
 * the server notices. It is asked for and not waited for: a session that waits has a snapshot, and an index that is built
 * concurrently waits for all snapshots.
 */
public final class ShardSession implements AutoCloseable {
    private static final String LOCK = "SELECT pg_catalog.pg_try_advisory_lock(5570193308531903819)";

    /** A statement can change these only by a detour; what comes after it would then be run as somebody else, or elsewhere. */
    private static final String IDENTITY =
            "SELECT current_user || ' ' || pg_catalog.current_setting('search_path') || ' '"
                    + " || pg_catalog.current_setting('standard_conforming_strings')";

    private final ServerWatch watch;
    private final Connection connection;
    private final ShardRecords records;
    private final String identity;

    private ShardSession(ServerWatch watch, Connection connection, ShardRecords records) throws SQLException {
        this.watch = watch;
        this.connection = connection;
        this.records = records;
        this.identity = value(IDENTITY);
    }

    /**
     * Empty when another session has the lock.
     *
     * @param isOver whether to end the session, with what it is at
     */
    public static Optional<ShardSession> open(ShardDatabase database, MigrationId migration, BooleanSupplier isOver)
            throws SQLException {
        return over(database.asMigrator(), database, migration, isOver);
    }

    static Optional<ShardSession> over(
            Connection connection, ShardDatabase database, MigrationId migration, BooleanSupplier isOver)
            throws SQLException {
        ServerWatch watch = ServerWatch.over(database, isOver);
        try {
            ShardSession session = new ShardSession(
                    watch, watch.watched(connection), new ShardRecords(connection, migration, database.term()));
            if (session.value(LOCK).equals("t")) {
                return Optional.of(session);
            }
            session.close();
            return Optional.empty();
        } catch (SQLException e) {
            try (watch;
                    connection) {
                throw e;
            }
        }
    }

    public Connection connection() {
        return connection;
    }

    public ShardRecords records() {
        return records;
    }

    /** @param lock how long to wait for one; zero for ever */
    public void limit(Duration lock, Duration statementTime) throws SQLException {
        execute("SET lock_timeout = " + lock.toMillis());
        execute("SET statement_timeout = " + statementTime.toMillis());
    }

    /** Runs what a person wrote. */
    public void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            // It is PostgreSQL's SQL and none of the driver's: braces mean nothing.
            statement.setEscapeProcessing(false);
            statement.execute(sql);
        }
    }

    /** A session that is lost is rolled back already. */
    public void rollBack(SQLException because) {
        try {
            connection.rollback();
        } catch (SQLException lost) {
            because.addSuppressed(lost);
        }
    }

    /** Whether it is still whose it was, and resolves names as it did. */
    boolean isAsItWas() throws SQLException {
        return value(IDENTITY).equals(identity);
    }

    private String value(String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }

    @Override
    public void close() throws SQLException {
        try (watch) {
            connection.close();
        }
    }
}
