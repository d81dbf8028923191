package io.pgmosaic.local.bench.gap;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/**
 * A PostgreSQL to connect to.
 *
 * @param name of the instance
 * @param credentials the connection's properties: user, password, TLS
 */
public record Server(String name, String host, int port, String database, Properties credentials) {
    /** How long to wait for a connection, seconds. */
    static final int CONNECT_TIMEOUT = 1;
    /** How long to wait for an answer, seconds. */
    static final int SOCKET_TIMEOUT = 2;

    /**
     * A new connection that gives up on a silent server. It has no statement time-out: to cancel a commit that waits for
     * a standby makes PostgreSQL acknowledge what no standby has.
     */
    public Connection connect() throws SQLException {
        Properties properties = new Properties();
        properties.putAll(credentials);
        properties.setProperty("connectTimeout", Integer.toString(CONNECT_TIMEOUT));
        properties.setProperty("socketTimeout", Integer.toString(SOCKET_TIMEOUT));
        properties.setProperty("ApplicationName", "pgmosaic-bench");
        return DriverManager.getConnection("jdbc:postgresql://" + host + ":" + port + "/" + database, properties);
    }

    @Override
    public String toString() {
        return name + " at " + host + ":" + port;
    }
}
