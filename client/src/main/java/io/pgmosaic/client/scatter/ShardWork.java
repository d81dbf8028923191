package io.pgmosaic.client.scatter;

import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Something to do on each shard. May be run several times on one, so it should only read, or write such that doing it twice is
 * doing it once.
 *
 * @param <T> its result
 */
@FunctionalInterface
public interface ShardWork<T extends @Nullable Object> {
    /** @param connection in autocommit, and not to be used after the work is done */
    T run(String shard, Connection connection) throws SQLException;
}
