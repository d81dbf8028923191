package io.pgmosaic.operator.database;

import io.pgmosaic.operator.ClusterKey;
import io.pgmosaic.operator.plan.Finding;
import io.pgmosaic.operator.plan.Reason;
import io.pgmosaic.routing.guard.GuardSchema;
import io.pgmosaic.routing.guard.LookupSchema;
import io.pgmosaic.routing.guard.SqlText;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Brings a shard's database to its intent, step by step, and reports how it is. */
public final class DatabaseSetup {
    private static final long LOCK_TIMEOUT_MILLIS = 5_000;

    private record Shard(ClusterKey cluster, String name) {}

    /**
     * For which intent the roles, the database and the bookkeeping of a shard were last put in place. They are written again
     * only for another intent, or after a failure: looking at a database that nobody uses must not write to its log.
     */
    private final Map<Shard, String> prepared = new ConcurrentHashMap<>();

    /**
     * With which intent the role that only looks was refused: by an instance manager of an earlier version, which admits it
     * after its next start, and then as another intent's, since the primary has changed.
     */
    private final Map<Shard, String> refused = new ConcurrentHashMap<>();

    private final Sizes sizes = new Sizes(System::nanoTime);

    /** Brings the database to the intent. Blocks until it is done or has failed; a failure is part of the report. */
    public DatabaseReport bringTo(DatabaseIntent intent) {
        Shard shard = new Shard(intent.cluster(), intent.shard());
        boolean prepare = !intent.fingerprint().equals(prepared.get(shard));
        try {
            Connections connections = new Connections(intent.server());
            if (prepare) {
                ensureDatabase(intent, connections);
            }
            boolean isRefused = intent.fingerprint().equals(refused.get(shard));
            try (LookAndChange sessions = new LookAndChange(intent, connections, isRefused)) {
                if (prepare) {
                    ensureBookkeeping(intent, sessions.superuser());
                    prepared.put(shard, intent.fingerprint());
                }
                DatabaseReport report = ensureContent(intent, connections, sessions);
                if (sessions.isRefused()) {
                    refused.put(shard, intent.fingerprint());
                }
                return report;
            }
        } catch (SQLException e) {
            prepared.remove(shard);
            return DatabaseReport.failed(new Finding(
                    Reason.DATABASE_SETUP_FAILED,
                    intent.shard(),
                    "the database cannot be set up or looked at: " + e.getMessage() + "; it is tried again"));
        }
    }

    private static void ensureDatabase(DatabaseIntent intent, Connections connections) throws SQLException {
        try (Connection superuser =
                connections.superuser("postgres", intent.passwords().superuser())) {
            superuser.setAutoCommit(false);
            Roles.ensure(superuser, intent);
            superuser.commit();
            superuser.setAutoCommit(true);
            if (!databaseExists(superuser, intent.database())) {
                execute(
                        superuser,
                        "CREATE DATABASE " + SqlText.identifier(intent.database()) + " OWNER "
                                + SqlText.identifier(intent.owner()));
            }
        }
    }

    private static void ensureBookkeeping(DatabaseIntent intent, Connection superuser) throws SQLException {
        requireOwnSchema(superuser);
        execute(superuser, GuardSchema.create(LOCK_TIMEOUT_MILLIS));
        execute(
                superuser,
                "GRANT SELECT ON mosaic.shard_map, mosaic.guard, mosaic.moving, mosaic.lookup_index TO "
                        + Roles.MONITOR);
        execute(superuser, LookupSchema.grants(intent.owner(), Roles.ROUTER));
        try (PreparedStatement statement = superuser.prepareStatement(LookupSchema.KEEP_SECRET)) {
            statement.setBytes(1, intent.lookupSecret());
            statement.executeUpdate();
        }
        execute(
                superuser,
                "GRANT SELECT ON mosaic.directory TO " + Roles.MONITOR + ", " + SqlText.identifier(intent.owner()));
        execute(
                superuser,
                "GRANT EXECUTE ON FUNCTION mosaic.directory_find(text, text, text) TO " + Roles.ROUTER
                        + "; GRANT USAGE ON SCHEMA mosaic TO PUBLIC");
        // For a database whose owner lets nobody in unasked.
        execute(
                superuser,
                "GRANT CONNECT ON DATABASE " + SqlText.identifier(intent.database()) + " TO " + Roles.ROUTER);
        InitialSql.createBookkeeping(superuser, SqlText.identifier(intent.owner()));
        MigrationBookkeeping.create(superuser, SqlText.identifier(intent.owner()));
    }

    private DatabaseReport ensureContent(DatabaseIntent intent, Connections connections, LookAndChange sessions)
            throws SQLException {
        List<Finding> findings = new ArrayList<>();
        InitialSql.ensure(intent, connections, sessions).ifPresent(findings::add);
        boolean initialized = findings.stream().noneMatch(finding -> finding.reason() == Reason.INIT_SQL_FAILED);
        if (initialized) {
            findings.addAll(new Guards(intent, connections, sessions).ensure());
        }
        if (findings.stream().noneMatch(finding -> finding.reason().severity() == Reason.Severity.FAILED)) {
            findings.addAll(new LookupIndexes(intent, connections, sessions).ensure());
        }
        boolean ready = findings.stream().noneMatch(finding -> finding.reason().severity() == Reason.Severity.FAILED);
        return new DatabaseReport(
                ready,
                findings,
                InitialSql.lastRun(sessions.look()).checksum(),
                guardMapVersion(sessions.look()),
                sizes.of(intent, sessions.look()));
    }

    /** The database's owner could have made a schema of that name first, and things in it that are not what they seem. */
    private static void requireOwnSchema(Connection superuser) throws SQLException {
        try (Statement statement = superuser.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_catalog.pg_get_userbyid(nspowner)"
                        + " FROM pg_catalog.pg_namespace WHERE nspname = 'mosaic' AND nspowner <> 10")) {
            if (row.next()) {
                throw new SQLException("schema mosaic belongs to role " + row.getString(1)
                        + " and not to PgMosaic; drop or rename it");
            }
        }
    }

    private static boolean databaseExists(Connection superuser, String database) throws SQLException {
        try (PreparedStatement statement =
                superuser.prepareStatement("SELECT FROM pg_catalog.pg_database WHERE datname = ?")) {
            statement.setString(1, database);
            try (ResultSet row = statement.executeQuery()) {
                return row.next();
            }
        }
    }

    private static long guardMapVersion(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(GuardSchema.MAP)) {
            return row.next() ? row.getLong("version") : 0;
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
