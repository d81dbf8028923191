package io.pgmosaic.operator.database;

import io.pgmosaic.api.v1alpha1.cluster.KeyColumn;
import io.pgmosaic.api.v1alpha1.cluster.KeyColumnType;
import io.pgmosaic.api.v1alpha1.cluster.TableSpec;
import io.pgmosaic.maps.PlacedTable;
import io.pgmosaic.operator.ClusterKey;
import io.pgmosaic.operator.pki.CertificateAuthority;
import io.pgmosaic.operator.pki.CertifiedKey;
import io.pgmosaic.routing.map.HashRanges;
import io.pgmosaic.routing.map.ShardMap;
import io.pgmosaic.testing.ThrowawayPostgres;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A PostgreSQL that says it is the primary {@code orders-s0-0} in term 3, takes passwords over TLS with a certificate of a
 * cluster's authority, and lets the test in as superuser without either. One for all tests; each takes a database and an
 * owner of its own.
 */
final class ShardServer {
    static final String SUPERUSER_PASSWORD = "of the superuser";
    static final String ROUTER_PASSWORD = "of the router";
    static final String OWNER_PASSWORD = "of the owner, \\ ' \" and all";
    static final ShardMap MAP = ShardMap.of(7, HashRanges.even(List.of("s0", "s1")));

    private static final String RULES = """
            hostnossl all postgres 127.0.0.1/32 trust
            hostssl all all 127.0.0.1/32 scram-sha-256
            """;

    private static @Nullable ShardServer shared;

    private final ThrowawayPostgres postgres;
    private final CertificateAuthority authority;
    private final AtomicInteger databases = new AtomicInteger();

    private ShardServer(ThrowawayPostgres postgres, CertificateAuthority authority) {
        this.postgres = postgres;
        this.authority = authority;
    }

    static synchronized ShardServer shared() {
        if (shared == null) {
            try {
                shared = start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (GeneralSecurityException | SQLException e) {
                throw new IllegalStateException(e);
            }
        }
        return shared;
    }

    private static ShardServer start() throws IOException, GeneralSecurityException, SQLException {
        Instant now = Instant.now();
        CertificateAuthority authority =
                CertificateAuthority.of(CertificateAuthority.create("orders", now, Duration.ofDays(1)));
        CertifiedKey certificate = authority.issueServer(List.of("orders-s0.shop.svc"), now, Duration.ofHours(1));
        Path directory = Files.createTempDirectory("pgmosaic-shard-");
        Map<String, Path> files = Map.of(
                "ssl_cert_file", Files.writeString(directory.resolve("tls.crt"), certificate.certificate()),
                "ssl_key_file", Files.writeString(directory.resolve("tls.key"), certificate.key()),
                "hba_file", Files.writeString(directory.resolve("hba.conf"), RULES));
        UserPrincipal user = serverUser(directory);
        Files.setOwner(directory, user);
        Map<String, String> settings = new java.util.TreeMap<>(
                Map.of("ssl", "on", "fsync", "off", "mosaic.instance", "orders-s0-0", "mosaic.term", "3"));
        for (Map.Entry<String, Path> file : files.entrySet()) {
            Files.setPosixFilePermissions(file.getValue(), PosixFilePermissions.fromString("rw-------"));
            Files.setOwner(file.getValue(), user);
            file.getValue().toFile().deleteOnExit();
            settings.put(file.getKey(), file.getValue().toString());
        }
        directory.toFile().deleteOnExit();
        ShardServer server = new ShardServer(ThrowawayPostgres.start(settings), authority);
        server.asSuperuser("postgres", "ALTER ROLE postgres PASSWORD '" + SUPERUSER_PASSWORD + "'");
        return server;
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

    DatabaseServer address() {
        return new DatabaseServer("orders-s0-0", 3, "127.0.0.1", postgres.port(), authority.certificatePem());
    }

    /** An intent for a new database of a new owner, without tables. */
    DatabaseIntent intent(@Nullable String initialSql, TableSpec... tables) {
        int number = databases.incrementAndGet();
        return intent("shop" + number, "owner" + number, initialSql, tables);
    }

    DatabaseIntent intent(String database, String owner, @Nullable String initialSql, TableSpec... tables) {
        return new DatabaseIntent(
                new ClusterKey("shop", "orders"),
                "s0",
                address(),
                database,
                owner,
                new DatabaseIntent.Passwords(
                        SUPERUSER_PASSWORD, "of the setup", "of the monitor", ROUTER_PASSWORD, OWNER_PASSWORD),
                initialSql,
                MAP,
                placed(tables));
    }

    static DatabaseIntent withSql(DatabaseIntent intent, @Nullable String sql) {
        return new DatabaseIntent(
                intent.cluster(),
                intent.shard(),
                intent.server(),
                intent.database(),
                intent.owner(),
                intent.passwords(),
                sql,
                intent.map(),
                intent.tables());
    }

    static DatabaseIntent withTables(DatabaseIntent intent, TableSpec... tables) {
        return with(intent, intent.map(), placed(tables));
    }

    static DatabaseIntent at(DatabaseIntent intent, DatabaseServer server) {
        return new DatabaseIntent(
                intent.cluster(),
                intent.shard(),
                server,
                intent.database(),
                intent.owner(),
                intent.passwords(),
                intent.initialSql(),
                intent.map(),
                intent.tables());
    }

    /** Of a cluster whose map is another one. */
    static DatabaseIntent withMap(DatabaseIntent intent, ShardMap map) {
        return with(
                intent,
                map,
                intent.tables().stream()
                        .map(placed -> new PlacedTable(placed.table(), map))
                        .toList());
    }

    static DatabaseIntent withPlaced(DatabaseIntent intent, PlacedTable... tables) {
        return with(intent, intent.map(), List.of(tables));
    }

    private static DatabaseIntent with(DatabaseIntent intent, ShardMap map, List<PlacedTable> tables) {
        return new DatabaseIntent(
                intent.cluster(),
                intent.shard(),
                intent.server(),
                intent.database(),
                intent.owner(),
                intent.passwords(),
                intent.initialSql(),
                map,
                tables);
    }

    private static List<PlacedTable> placed(TableSpec... tables) {
        return Stream.of(tables).map(table -> new PlacedTable(table, MAP)).toList();
    }

    static TableSpec table(String name, String column, KeyColumnType type) {
        return new TableSpec("public", name, List.of(new KeyColumn(column, type)));
    }

    void asSuperuser(String database, String sql) throws SQLException {
        try (Connection connection = postgres.connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The one value that the query gives, as text. */
    @Nullable
    String value(String database, String query) throws SQLException {
        try (Connection connection = postgres.connect(database);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }

    /** As the application does: over TLS, as the owner. */
    void asOwner(DatabaseIntent intent, String sql) throws SQLException {
        try (Connection connection = new Connections(intent.server())
                        .script(
                                intent.database(),
                                intent.owner(),
                                intent.passwords().owner());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
