package io.pgmosaic.instance.postgres;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The manager's one connection to its own server, as {@code mosaic_manager}, used by one thread and opened anew after any
 * error. No statement on it takes longer than 5 s, and none waits for a synchronous standby.
 */
public final class ManagerSession {
    private static final System.Logger LOG = System.getLogger(ManagerSession.class.getName());

    private final Endpoint endpoint;
    private final Credentials credentials;
    private final RunFiles files;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("sql").factory());
    private @Nullable Connection connection;

    public ManagerSession(Endpoint endpoint, Credentials credentials, RunFiles files) {
        this.endpoint = endpoint;
        this.credentials = credentials;
        this.files = files;
    }

    /** What is done with the connection. */
    public interface Work<T> {
        T with(Connection connection) throws SQLException;
    }

    /** Does the work in turn; the future fails with what the work or the connecting threw. */
    public <T> CompletableFuture<T> submit(Work<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        thread.execute(() -> {
            try {
                result.complete(work.with(open()));
            } catch (SQLException | IOException | RuntimeException e) {
                drop(e);
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    /** To be called when a server starts: the connection, if there is one, was to the server before it. */
    public void forget() {
        thread.execute(() -> {
            try {
                close();
            } catch (SQLException e) {
                LOG.log(System.Logger.Level.DEBUG, "the old connection did not close: {0}", e.getMessage());
            }
        });
    }

    private Connection open() throws SQLException, IOException {
        Connection current = connection;
        if (current != null && !current.isClosed()) {
            return current;
        }
        Properties properties = new Properties();
        properties.setProperty("user", Roles.MANAGER);
        properties.setProperty("password", credentials.manager());
        properties.setProperty("sslmode", "verify-ca");
        properties.setProperty("sslrootcert", files.authority().toString());
        properties.setProperty("gssEncMode", "disable");
        properties.setProperty("ApplicationName", "pgmosaic-instance-manager");
        properties.setProperty("assumeMinServerVersion", Integer.toString(PostgresVersion.OLDEST));
        properties.setProperty("connectTimeout", "2");
        properties.setProperty("loginTimeout", "5");
        properties.setProperty("socketTimeout", "5");
        properties.setProperty("prepareThreshold", "0");
        properties.setProperty(
                "options",
                "-c search_path=pg_catalog -c statement_timeout=4000 -c synchronous_commit=local -c lock_timeout=2000"
                        + " -c default_transaction_read_only=off");
        String host = endpoint.host().contains(":") ? "[" + endpoint.host() + "]" : endpoint.host();
        Connection opened = DriverManager.getConnection(
                "jdbc:postgresql://" + host + ":" + endpoint.port() + "/postgres", properties);
        connection = opened;
        return opened;
    }

    private void drop(Exception cause) {
        try {
            close();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    private void close() throws SQLException {
        Connection old = connection;
        connection = null;
        if (old != null) {
            old.close();
        }
    }
}
