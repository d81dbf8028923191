package io.pgmosaic.client.connection;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * A connection in autocommit whose server was checked.
 *
 * @param facts as they were found at some time since the connection was opened
 */
public record CheckedConnection(DatabaseServer server, Connection connection, ServerFacts facts)
        implements AutoCloseable {
    /** Gives it back to where it came from. */
    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
