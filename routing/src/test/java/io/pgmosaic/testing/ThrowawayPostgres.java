package io.pgmosaic.testing;

import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A PostgreSQL server with an empty data directory that is gone when it is closed, or when this JVM ends, however it
 * ends: its keeper is a shell that stops the server and removes the directory once its standard input, which this JVM
 * holds open, comes to an end.
 *
 * <p>It listens on a random port of 127.0.0.1, trusts everyone there, and has the superuser {@code postgres}. As root it
 * runs as user {@code postgres}, or {@code nobody} where there is none.
 */
public final class ThrowawayPostgres implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String KEEPER = """
            "$@" >"$LOG" 2>&1 &
            server=$!
            cat >/dev/null
            kill -QUIT $server
            wait $server
            rm -rf "$DIRECTORY"
            """;

    private static @Nullable ThrowawayPostgres shared;

    private final PostgresBinaries binaries;
    private final Path directory;
    private final int port;
    private final Process keeper;
    private final Thread onExit = new Thread(this::stop, "stop-postgres");
    private final AtomicInteger databases = new AtomicInteger();

    private ThrowawayPostgres(PostgresBinaries binaries, Path directory, int port, Process keeper) {
        this.binaries = binaries;
        this.directory = directory;
        this.port = port;
        this.keeper = keeper;
        Runtime.getRuntime().addShutdownHook(onExit);
    }

    /** One server for all tests of this JVM; never close it. Each test takes a database of its own. */
    public static synchronized ThrowawayPostgres shared() {
        // Not a holder class: its initialisation error would hide what start() says, and differ from the second test
        // on.
        if (shared == null) {
            shared = start(Map.of("fsync", "off", "max_connections", "50"));
        }
        return shared;
    }

    /**
     * Starts another server.
     *
     * @param settings PostgreSQL parameters; the defaults are PostgreSQL's own, so it is durable
     * @throws IllegalStateException when PostgreSQL is not installed or does not start; the message says why
     */
    public static ThrowawayPostgres start(Map<String, String> settings) {
        PostgresBinaries binaries = PostgresBinaries.find();
        try {
            Path directory = Files.createTempDirectory("pgmosaic-test-");
            List<String> as = unprivileged(directory);
            Path data = directory.resolve("data");
            run(
                    as,
                    binaries.program("initdb"),
                    "-D",
                    data.toString(),
                    "-U",
                    "postgres",
                    "-A",
                    "trust",
                    "-E",
                    "UTF8",
                    "--locale=C.UTF-8",
                    "--no-sync");
            int port = freePort();
            Map<String, String> all = new TreeMap<>(settings);
            all.put("listen_addresses", "127.0.0.1");
            all.put("port", Integer.toString(port));
            all.put("unix_socket_directories", "");
            List<String> command = new ArrayList<>(as);
            command.addAll(List.of("sh", "-c", KEEPER, "keeper", binaries.program("postgres"), "-D", data.toString()));
            all.forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD);
            Path log = directory.resolve("server.log");
            builder.environment().put("LOG", log.toString());
            builder.environment().put("DIRECTORY", directory.toString());
            ThrowawayPostgres server = new ThrowawayPostgres(binaries, directory, port, builder.start());
            try {
                Awaitility.await()
                        .atMost(PATIENCE)
                        .pollInterval(Duration.ofMillis(50))
                        .until(server::isReady);
            } catch (ConditionTimeoutException late) {
                String said = Files.exists(log) ? Files.readString(log) : "nothing";
                server.close();
                throw new IllegalStateException("PostgreSQL did not start; it said: " + said, late);
            }
            return server;
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    public PostgresBinaries binaries() {
        return binaries;
    }

    public int port() {
        return port;
    }

    public String jdbcUrl(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database + "?user=postgres&sslmode=disable";
    }

    /** A connection of the superuser, in autocommit. */
    public Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(jdbcUrl(database));
    }

    /** Makes an empty database and gives its name. */
    public String createDatabase() throws SQLException {
        String name = "test_" + databases.incrementAndGet();
        try (Connection connection = connect("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name + " TEMPLATE template0");
        }
        return name;
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(onExit);
        stop();
    }

    private void stop() {
        try {
            keeper.getOutputStream().close();
            if (!keeper.waitFor(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("PostgreSQL in " + directory + " does not stop");
            }
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether this very server answers: another one may have taken the port between the choice and the start. */
    private boolean isReady() {
        try (Connection connection = connect("postgres");
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SHOW data_directory")) {
            result.next();
            return result.getString(1).equals(directory.resolve("data").toString());
        } catch (SQLException notYet) {
            return false;
        }
    }

    /** The command prefix that drops root, after giving {@code directory} to the user it drops to. */
    private static List<String> unprivileged(Path directory) throws IOException {
        if (!"root".equals(System.getProperty("user.name"))) {
            return List.of();
        }
        String user = Files.readAllLines(Path.of("/etc/passwd")).stream().anyMatch(line -> line.startsWith("postgres:"))
                ? "postgres"
                : "nobody";
        Files.setOwner(
                directory,
                FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName(user));
        return List.of("setpriv", "--reuid=" + user, "--clear-groups", "--");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void run(List<String> as, String... command) throws IOException {
        List<String> full = new ArrayList<>(as);
        full.addAll(List.of(command));
        Process process = new ProcessBuilder(full).redirectErrorStream(true).start();
        try {
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(command[0] + " failed: " + said);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while running " + command[0], interrupted);
        }
    }
}
