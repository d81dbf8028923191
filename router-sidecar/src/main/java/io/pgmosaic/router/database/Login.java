package io.pgmosaic.router.database;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.SslMode;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Map;

/** Opens connections. The secret is read each time, so that a changed password is picked up. */
final class Login {
    private static final String ROLE = "mosaic_router";

    /** More than a server can answer in the time that a question may take. */
    private static final int PIPELINED = 64;

    private static final int STATEMENTS = 64;

    private final Vertx vertx;
    private final Path secretDirectory;

    Login(Vertx vertx, Path secretDirectory) {
        this.vertx = vertx;
        this.secretDirectory = secretDirectory;
    }

    Future<PgConnection> open(ServerAddress server) {
        return vertx.executeBlocking(() -> options(server, DatabaseSecret.read(secretDirectory)), false)
                .compose(options -> PgConnection.connect(vertx, options));
    }

    private static PgConnectOptions options(ServerAddress server, DatabaseSecret secret)
            throws GeneralSecurityException {
        return new PgConnectOptions()
                .setHost(server.host())
                .setPort(server.port())
                .setDatabase(server.database())
                .setUser(ROLE)
                .setPassword(secret.password())
                .setSslMode(SslMode.VERIFY_CA)
                .setSslOptions(new ClientSSLOptions()
                        .setHostnameVerificationAlgorithm("")
                        .setTrustOptions(new OnlyTrust(ShardTrust.of(secret.authorityPem(), server.certificateName()))))
                .setCachePreparedStatements(true)
                .setPreparedStatementCacheMaxSize(STATEMENTS)
                .setPipeliningLimit(PIPELINED)
                // Outranks what the database's owner can set for all sessions.
                .setProperties(Map.of(
                        "application_name", "pgmosaic-router",
                        "search_path", "pg_catalog",
                        "statement_timeout", "2000",
                        "default_transaction_read_only", "on",
                        "client_encoding", "utf-8",
                        "DateStyle", "ISO",
                        "extra_float_digits", "2"));
    }
}
