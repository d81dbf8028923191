package io.pgmosaic.client.connection;

import io.pgmosaic.client.topology.Position;
import org.jspecify.annotations.Nullable;

import javax.sql.DataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Optional;

/** The connections to one server. Thread-safe. */
final class ServerPool implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ServerPool.class.getName());
    private static final long AVOIDED_NANOS = Duration.ofSeconds(1).toNanos();

    private final DatabaseServer server;
    private final DataSource source;
    private final CheckedConnections checked = new CheckedConnections();
    private volatile long failedAt = System.nanoTime() - 2 * AVOIDED_NANOS;

    ServerPool(DatabaseServer server, DataSource source) {
        this.server = server;
        this.source = source;
    }

    /** Whether no connection to it could be had a moment ago. */
    boolean isAvoided() {
        return System.nanoTime() - failedAt < AVOIDED_NANOS;
    }

    /**
     * A connection to the server while it is the primary.
     *
     * @param term of the shard, at least
     */
    CheckedConnection primary(long term) throws SQLException {
        Connection connection = connect();
        try {
            @Nullable ServerFacts facts = checked.of(connection);
            if (facts == null || facts.standby() || facts.term() < term) {
                facts = ask(connection);
                if (facts.standby()) {
                    throw wrong("is a standby now and no primary");
                }
                checkTerm(facts, term);
            }
            return new CheckedConnection(server, connection, facts);
        } catch (SQLException | RuntimeException e) {
            release(connection, e);
            throw e;
        }
    }

    /**
     * A connection to the server while it is a standby that follows in {@code term} or a later one, or has become the primary.
     *
     * @param needed what it has to have replayed; null for nothing
     * @return empty when it has not replayed that yet
     */
    Optional<CheckedConnection> replica(long term, @Nullable Position needed) throws SQLException {
        Connection connection = connect();
        try {
            @Nullable ServerFacts facts = checked.of(connection);
            if (facts == null || facts.term() < term || (needed != null && !facts.isAt(needed.lsn()))) {
                facts = ask(connection);
                checkTerm(facts, term);
            }
            if (needed == null || facts.isAt(needed.lsn())) {
                return Optional.of(new CheckedConnection(server, connection, facts));
            }
            connection.close();
            return Optional.empty();
        } catch (SQLException | RuntimeException e) {
            release(connection, e);
            throw e;
        }
    }

    private Connection connect() throws SQLException {
        Connection connection;
        try {
            connection = source.getConnection();
        } catch (SQLException e) {
            failedAt = System.nanoTime();
            throw Failure.whileConnecting(server, e);
        }
        try {
            if (!connection.getAutoCommit()) {
                // Going to autocommit commits what somebody left open, and nobody asked for that.
                connection.rollback();
                connection.setAutoCommit(true);
            }
            return connection;
        } catch (SQLException | RuntimeException e) {
            release(connection, e);
            throw e;
        }
    }

    private ServerFacts ask(Connection connection) throws SQLException {
        ServerFacts facts = ServerFacts.of(connection);
        if (!facts.shard().equals(server.shard())) {
            throw wrong(facts.shard().isEmpty() ? "is no server of a shard" : "is one of shard " + facts.shard());
        }
        checked.put(connection, facts);
        return facts;
    }

    private void checkTerm(ServerFacts facts, long term) throws SQLException {
        if (facts.term() < term) {
            throw wrong("is still in term " + facts.term() + ", and the shard is in term " + term);
        }
    }

    private SQLException wrong(String what) {
        return new SQLTransientConnectionException(
                "the server at " + server.host() + ":" + server.port() + ", which is to be " + server.instance()
                        + " of shard " + server.shard() + ", " + what,
                "08004");
    }

    private static void release(Connection connection, Exception because) {
        try {
            connection.close();
        } catch (SQLException e) {
            because.addSuppressed(e);
        }
    }

    @Override
    public void close() {
        if (source instanceof AutoCloseable closeable) {
            try {
                closeable.close();
            } catch (Exception e) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "the connections to " + server.instance() + " cannot be closed",
                        e);
            }
        }
    }
}
