package io.pgmosaic.operator.migration.apply;

import io.pgmosaic.operator.migration.record.MigrationId;
import io.pgmosaic.operator.migration.record.Step;
import io.pgmosaic.operator.migration.sql.RefusedSqlException;
import io.pgmosaic.operator.migration.sql.SqlStatement;
import io.pgmosaic.operator.split.SplitServer;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import static org.awaitility.Awaitility.await;

/** A shard's primary, and a migration that begins anew for each test. */
public final class Shard implements AutoCloseable {
    public static final ApplyLimits LIMITS = new ApplyLimits(Duration.ofMillis(200), 5, Duration.ZERO);

    private final List<SplitServer> servers;
    private int migrations;

    public Shard() throws IOException, GeneralSecurityException, SQLException {
        servers = SplitServer.two();
    }

    public SplitServer server() {
        return servers.getFirst();
    }

    public MigrationId migration() {
        return new MigrationId("uid-" + migrations, "add-preferences");
    }

    private void nextMigration() {
        migrations++;
    }

    /** Does not wait, and never ends. */
    public static Progress patient() {
        return new Progress() {
            @Override
            public void awaitsLock(int attempts, String message) {}

            @Override
            public boolean isOver() {
                return false;
            }

            @Override
            public void rest(Duration time) {}
        };
    }

    /** Waits for a session that was cut to be noticed by the server. */
    public ShardSession session() throws SQLException {
        return await().atMost(Duration.ofSeconds(30))
                .until(
                        () -> ShardSession.open(server().database(), migration(), () -> false),
                        found -> found.isPresent())
                .orElseThrow();
    }

    ShardSession session(Connection connection) throws SQLException {
        return ShardSession.over(connection, server().database(), migration(), () -> false)
                .orElseThrow();
    }

    Outcome expand(String... statements) throws Exception {
        return expand(LIMITS, patient(), statements);
    }

    Outcome expand(ApplyLimits limits, Progress progress, String... statements) throws Exception {
        try (ShardSession session = session()) {
            return new StepRun(session, limits, progress).run(Step.EXPAND, read(statements));
        }
    }

    static List<SqlStatement> read(String... statements) throws RefusedSqlException {
        List<SqlStatement> read = new ArrayList<>();
        for (String statement : statements) {
            read.add(SqlStatement.of(statement));
        }
        return read;
    }

    /** An empty schema and a migration of which nothing has run. */
    public void clean() throws SQLException {
        nextMigration();
        server().execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public AUTHORIZATION owner");
    }

    @Override
    public void close() {
        servers.reversed().forEach(SplitServer::close);
    }
}
