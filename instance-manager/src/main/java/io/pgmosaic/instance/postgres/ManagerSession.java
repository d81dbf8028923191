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
                "-c search_path=pg_catalog -c statement_timeout=4000 -c synchronous_commit=local -c lock_timeout=2000");
        String host = endpoint.host().contains(":") ? "[" + endpoint.host() + "]" : endpoint.host();
        Connection opened = DriverManager.getConnection(
                "jdbc:postgresql://" + host + ":" + endpoint.port() + "/postgres", properties);
        connection = opened;
        return opened;
    }

    private void drop(Exception cause) {
        Connection broken = connection;
        connection = null;
        if (broken != null) {
            try {
                broken.close();
            } catch (SQLException e) {
                cause.addSuppressed(e);
            }
        }
    }
}
