package io.pgmosaic.client.connection;

import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;

/** What is known of the server at the end of each connection, for as long as the connection is. Thread-safe. */
final class CheckedConnections {
    private final Map<Connection, ServerFacts> known = Collections.synchronizedMap(new WeakHashMap<>());

    @Nullable
    ServerFacts of(Connection connection) throws SQLException {
        return known.get(physical(connection));
    }

    void put(Connection connection, ServerFacts facts) throws SQLException {
        known.put(physical(connection), facts);
    }

    /** A pool's connections are wrappers, new for each use. One that does not show what it wraps is checked at each use. */
    private static Connection physical(Connection connection) throws SQLException {
        return connection.isWrapperFor(Connection.class) ? connection.unwrap(Connection.class) : connection;
    }
}
