package io.pgmosaic.router.harness;

import io.pgmosaic.protocol.topology.Server;
import io.pgmosaic.testing.ThrowawayPostgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A PostgreSQL of shard s0 of {@link Topologies}' cluster, which takes the router's password over TLS and nothing else. */
public final class ShardPostgres implements AutoCloseable {
    public static final String PASSWORD = "of the router, \\ ' and all";

    private static final String RULES = """
            hostnossl all postgres 127.0.0.1/32 trust
            hostssl all all 127.0.0.1/32 scram-sha-256
            """;

    private final ThrowawayPostgres postgres;

    private ShardPostgres(ThrowawayPostgres postgres) {
        this.postgres = postgres;
    }

    /** @param directory for files of the server; outlives it */
    public static ShardPostgres start(TestAuthority authority, Path directory) throws SQLException {
        TestAuthority.Pair pair = authority.server("orders-s0.shop.svc");
        Map<String, String> settings = new TreeMap<>(Map.of(
                "ssl",
                "on",
                "fsync",
                "off",
                "mosaic.shard",
                "s0",
                "mosaic.instance",
                "orders-s0-0",
                "mosaic.term",
                "1"));
        Map<String, String> files =
                Map.of("ssl_cert_file", pair.certificate(), "ssl_key_file", pair.key(), "hba_file", RULES);
        try {
            Path folder = Files.createTempDirectory(Path.of(System.getProperty("java.io.tmpdir")), "pgmosaic-router-");
            var owner = owner(folder);
            for (Map.Entry<String, String> file : files.entrySet()) {
                Path path = Files.writeString(folder.resolve(file.getKey()), file.getValue());
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
                Files.setOwner(path, owner);
                path.toFile().deleteOnExit();
                settings.put(file.getKey(), path.toString());
            }
            Files.setOwner(folder, owner);
            folder.toFile().deleteOnExit();
            secret(directory, authority, PASSWORD);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ShardPostgres server = new ShardPostgres(ThrowawayPostgres.start(settings));
        server.execute(
                "postgres",
                "CREATE ROLE mosaic_router LOGIN PASSWORD '" + PASSWORD.replace("'", "''") + "'",
                "CREATE DATABASE shop");
        return server;
    }

    /** Adds to the router's Secret what it logs in with. */
    public static void secret(Path directory, TestAuthority authority, String password) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("postgres-ca.crt"), authority.caPem());
        Files.writeString(directory.resolve("database-password"), password);
    }

    public Server server() {
        return new Server("orders-s0-0", "127.0.0.1", postgres.port());
    }

    /** As the superuser. */
    public void execute(String database, String... statements) throws SQLException {
        try (Connection connection = postgres.connect(database);
                Statement statement = connection.createStatement()) {
            for (String sql : List.of(statements)) {
                statement.execute(sql);
            }
        }
    }

    /** As root, the server runs as another user, who must own its key. */
    private static java.nio.file.attribute.UserPrincipal owner(Path folder) throws IOException {
        if (!"root".equals(System.getProperty("user.name"))) {
            return Files.getOwner(folder);
        }
        boolean hasPostgres =
                Files.readAllLines(Path.of("/etc/passwd")).stream().anyMatch(line -> line.startsWith("postgres:"));
        return folder.getFileSystem()
                .getUserPrincipalLookupService()
                .lookupPrincipalByName(hasPostgres ? "postgres" : "nobody");
    }

    @Override
    public void close() {
        postgres.close();
    }
}
