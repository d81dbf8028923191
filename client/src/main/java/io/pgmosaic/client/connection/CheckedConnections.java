package io.pgmosaic.client.connection;

import org.jspecify.annotations.Nullable;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What is known of the server at the end of each connection, for as long as the connection is. Thread-safe. It is asked at each use of
 * a connection, so it takes no lock: a thread that is held up with one holds up all others.
 */
final class CheckedConnections {
    private final Map<Object, ServerFacts> known = new ConcurrentHashMap<>();
    private final ReferenceQueue<Connection> gone = new ReferenceQueue<>();

    @Nullable
    ServerFacts of(Connection connection) throws SQLException {
        return known.get(new Sought(physical(connection)));
    }

    void put(Connection connection, ServerFacts facts) throws SQLException {
        for (@Nullable Reference<?> each = gone.poll(); each != null; each = gone.poll()) {
            known.remove(each);
        }
        known.put(new Kept(physical(connection), gone), facts);
    }

    /** How many are remembered, of which some may be gone. */
    int size() {
        return known.size();
    }

    /** A pool's connections are wrappers, new for each use. One that does not show what it wraps is checked at each use. */
    private static Connection physical(Connection connection) throws SQLException {
        return connection.isWrapperFor(Connection.class) ? connection.unwrap(Connection.class) : connection;
    }

    /** A key of the map: the very connection, which it keeps nobody from forgetting. */
    private static final class Kept extends WeakReference<Connection> {
        private final int hash;

        Kept(Connection connection, ReferenceQueue<Connection> gone) {
            super(connection, gone);
            this.hash = System.identityHashCode(connection);
        }

        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            @Nullable Connection connection = get();
            return this == other || (connection != null && other instanceof Kept kept && kept.refersTo(connection));
        }
    }

    /** Finds a {@link Kept}; the map compares what is sought with what it has, and not the other way round. */
    private record Sought(Connection connection) {
        @Override
        public int hashCode() {
            return System.identityHashCode(connection);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Kept kept && kept.refersTo(connection);
        }
    }
}
