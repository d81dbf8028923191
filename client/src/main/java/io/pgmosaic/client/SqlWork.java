package io.pgmosaic.client;

import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Something to do on a connection. May be run several times, so it should change nothing but the database.
 *
 * @param <T> its result
 */
@FunctionalInterface
public interface SqlWork<T extends @Nullable Object> {
    /** @param connection not to be used after the work is done */
    T run(Connection connection) throws SQLException;
}
