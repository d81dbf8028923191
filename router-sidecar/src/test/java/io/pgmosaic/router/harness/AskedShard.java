package io.pgmosaic.router.harness;

import io.pgmosaic.router.database.Databases;
import io.pgmosaic.router.database.ServerAddress;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import static org.awaitility.Awaitility.await;

/** One PostgreSQL for the tests of a class, and for each test a router's way to ask it, with the right password. */
public final class AskedShard implements BeforeAllCallback, AfterAllCallback, BeforeEachCallback, AfterEachCallback {
    private final TestAuthority authority = new TestAuthority();
    private final Vertx vertx = Vertx.vertx();
    private @Nullable Path folder;
    private @Nullable ShardPostgres postgres;
    private @Nullable Databases databases;

    @Override
    public void beforeAll(ExtensionContext context) throws IOException, SQLException {
        folder = Files.createTempDirectory("asked-shard");
        postgres = ShardPostgres.start(authority, folder);
        ServerAddress address = ServerAddress.of(Topologies.healthy(), "s0", postgres.server());
        // A process asks its first question more slowly than any other.
        try (Databases first = new Databases(vertx, folder)) {
            await().ignoreExceptions()
                    .until(() -> first.ask(address, "SELECT $1::text", Tuple.of("x"))
                                    .toCompletionStage()
                                    .toCompletableFuture()
                                    .get(30, TimeUnit.SECONDS)
                                    .size()
                            == 1);
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        secret(authority, ShardPostgres.PASSWORD);
        databases = new Databases(vertx, Objects.requireNonNull(folder));
    }

    @Override
    public void afterEach(ExtensionContext context) {
        databases().close();
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        if (postgres != null) {
            postgres.close();
        }
        vertx.close().toCompletionStage().toCompletableFuture().join();
        if (folder != null) {
            List<Path> files;
            try (Stream<Path> all = Files.walk(folder)) {
                files = all.sorted(Comparator.reverseOrder()).toList();
            }
            for (Path file : files) {
                Files.delete(file);
            }
        }
    }

    public ShardPostgres postgres() {
        return Objects.requireNonNull(postgres);
    }

    public Databases databases() {
        return Objects.requireNonNull(databases);
    }

    /** Gives the router another password. */
    public void password(String password) {
        secret(authority, password);
    }

    /** Gives the router another authority to trust. */
    public void trust(TestAuthority other) {
        secret(other, ShardPostgres.PASSWORD);
    }

    private void secret(TestAuthority trusted, String password) {
        try {
            ShardPostgres.secret(Objects.requireNonNull(folder), trusted, password);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
