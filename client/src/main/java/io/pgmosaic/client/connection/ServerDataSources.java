package io.pgmosaic.client.connection;

import javax.sql.DataSource;

/** How the application connects to a server: with which driver, pool, user, password and certificate. */
@FunctionalInterface
public interface ServerDataSources {
    /**
     * The source of connections to one server. Called once for each, and again when it comes back after a while. Has to return at
     * once, also while the server is away. Closed when the server is gone from the topology for some time, and with the client,
     * if it is {@link AutoCloseable}.
     */
    DataSource open(DatabaseServer server);
}
