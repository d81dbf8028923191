package io.pgmosaic.operator.split;

import io.pgmosaic.operator.ClusterKey;
import io.pgmosaic.operator.database.DatabaseIntent;
import io.pgmosaic.operator.database.DatabaseIntent.Passwords;
import io.pgmosaic.operator.database.DatabaseServer;
import io.pgmosaic.operator.database.DatabaseSetup;
import io.pgmosaic.operator.pki.CertificateAuthority;
import io.pgmosaic.operator.pki.CertifiedKey;
import io.pgmosaic.routing.map.HashRanges;
import io.pgmosaic.routing.map.ShardMap;
import io.pgmosaic.testing.ThrowawayPostgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A shard's primary with TLS and logical replication, and its database as the operator sets it up. */
public final class SplitServer implements AutoCloseable {
    private static final String RULES = """
            hostnossl all postgres 127.0.0.1/32 trust
            hostssl all all 127.0.0.1/32 scram-sha-256
            """;

    private final ThrowawayPostgres postgres;
    private final ShardDatabase database;

    private SplitServer(ThrowawayPostgres postgres, ShardDatabase database) {
        this.postgres = postgres;
        this.database = database;
    }

    /** Two of them, of one cluster. */
    public static List<SplitServer> two() throws IOException, GeneralSecurityException, SQLException {
        CertificateAuthority authority =
                CertificateAuthority.of(CertificateAuthority.create("orders", Instant.now(), Duration.ofDays(1)));
        SplitServer source = start(authority, "s0");
        try {
            return List.of(source, start(authority, "s2"));
        } catch (IOException | GeneralSecurityException | SQLException | RuntimeException e) {
            source.close();
            throw e;
        }
    }

    private static SplitServer start(CertificateAuthority authority, String shard)
            throws IOException, GeneralSecurityException, SQLException {
        Instant now = Instant.now();
        CertifiedKey certificate =
                authority.issueServer(List.of("orders-" + shard + ".shop.svc"), now, Duration.ofHours(1));
        Path directory = Files.createTempDirectory("pgmosaic-split-");
        Map<String, Path> files = Map.of(
                "ssl_cert_file", Files.writeString(directory.resolve("tls.crt"), certificate.certificate()),
                "ssl_key_file", Files.writeString(directory.resolve("tls.key"), certificate.key()),
                "hba_file", Files.writeString(directory.resolve("hba.conf"), RULES),
                "ca", Files.writeString(directory.resolve("ca.crt"), authority.certificatePem()));
        UserPrincipal user = serverUser(directory);
        Files.setOwner(directory, user);
        directory.toFile().deleteOnExit();
        Map<String, String> settings = new TreeMap<>(Map.of(
                "ssl", "on",
                "fsync", "off",
                "wal_level", "logical",
                "wal_retrieve_retry_interval", "200ms",
                "max_connections", "60",
                "max_prepared_transactions", "2",
                "mosaic.instance", "orders-" + shard + "-0",
                "mosaic.term", "3"));
        for (Map.Entry<String, Path> file : files.entrySet()) {
            Files.setPosixFilePermissions(file.getValue(), PosixFilePermissions.fromString("rw-------"));
            Files.setOwner(file.getValue(), user);
            file.getValue().toFile().deleteOnExit();
            if (!file.getKey().equals("ca")) {
                settings.put(file.getKey(), file.getValue().toString());
            }
        }
        ThrowawayPostgres postgres = ThrowawayPostgres.start(settings);
        try (Connection connection = postgres.connect("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute("ALTER ROLE postgres PASSWORD 'of the superuser'");
        }
        ShardDatabase database = new ShardDatabase(
                shard,
                new DatabaseServer(
                        "orders-" + shard + "-0", 3, "127.0.0.1", postgres.port(), authority.certificatePem()),
                "shop",
                "owner",
                new Passwords("of the superuser", "of the setup", "of the monitor", "of the router", "of the owner"));
        SplitServer server = new SplitServer(postgres, database);
        var report = new DatabaseSetup().bringTo(server.intent(null));
        if (!report.ready()) {
            server.close();
            throw new IllegalStateException(report.findings().toString());
        }
        return server;
    }

    /** The database's, with no table guarded. */
    private DatabaseIntent intent(@org.jspecify.annotations.Nullable String initialSql) {
        return new DatabaseIntent(
                new ClusterKey("shop", "orders"),
                database.shard(),
                database.server(),
                database.database(),
                database.owner(),
                database.passwords(),
                initialSql,
                ShardMap.of(7, HashRanges.even(List.of("s0", "s1"))),
                List.of());
    }

    /** As root, the server runs as another user, who must own its key. */
    private static UserPrincipal serverUser(Path directory) throws IOException {
        if (!"root".equals(System.getProperty("user.name"))) {
            return Files.getOwner(directory);
        }
        boolean hasPostgres =
                Files.readAllLines(Path.of("/etc/passwd")).stream().anyMatch(line -> line.startsWith("postgres:"));
        return directory
                .getFileSystem()
                .getUserPrincipalLookupService()
                .lookupPrincipalByName(hasPostgres ? "postgres" : "nobody");
    }

    public ShardDatabase database() {
        return database;
    }

    public ThrowawayPostgres postgres() {
        return postgres;
    }

    /** A session as the superuser, without a password. */
    public Connection connect() throws SQLException {
        return postgres.connect("shop");
    }

    public void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** With the power of the database's owner, who makes the tables. */
    public void asOwner(String sql) throws SQLException {
        execute("SET ROLE owner; " + sql);
    }

    /** The one value that the query gives, as text. */
    public String value(String query) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            return row.next() ? String.valueOf(row.getString(1)) : "";
        }
    }

    @Override
    public void close() {
        postgres.close();
    }
}
