package io.pgmosaic.checker;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/**
 * The way into the databases for one user. Nothing makes the server end a statement, except a wait for a lock: a commit whose
 * wait for its standbys is cancelled becomes visible without them. A client that has waited long enough hangs up instead.
 */
public record Access(String user, String password, String database, Path authority) {
    private static final int CONNECT_SECONDS = 2;
    private static final int ANSWER_SECONDS = 2;

    /** @throws SQLException also when the server does not show a certificate of the authority */
    public Connection connect(String host, int port) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        properties.setProperty("sslmode", "verify-ca");
        properties.setProperty("sslrootcert", authority.toString());
        properties.setProperty("connectTimeout", Integer.toString(CONNECT_SECONDS));
        properties.setProperty("socketTimeout", Integer.toString(ANSWER_SECONDS));
        properties.setProperty("preferQueryMode", "simple");
        properties.setProperty("options", "-c lock_timeout=2000");
        properties.setProperty("ApplicationName", "pgmosaic-checker");
        return DriverManager.getConnection("jdbc:postgresql://" + host + ":" + port + "/" + database, properties);
    }

    @Override
    public String toString() {
        return user + " of " + database;
    }
}
