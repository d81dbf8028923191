package io.pgmosaic.operator.database;

import io.pgmosaic.routing.guard.SqlText;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** The roles that the operator creates in a shard. */
final class Roles {
    /** Runs the initial SQL: its sessions are the owner from the first statement and can become nobody else. */
    static final String SETUP = "mosaic_setup";

    /** Looks at the databases, and can change nothing. */
    static final String MONITOR = "mosaic_monitor";

    /**
     * Routers log in as this role, where applications do: it is admitted and put out with them. It may read nothing but what
     * is granted to it, and change nothing.
     */
    static final String ROUTER = "mosaic_router";

    /**
     * Moves rows from shard to shard: it copies and compares them, and the subscriptions of the other shard log in as it. No
     * policy hides a row from it, and what it writes fires no ordinary trigger, the guard's neither, when it asks for that.
     * It is admitted and put out with applications: what could still vanish must not go to another shard.
     */
    static final String MOVE = "mosaic_move";

    /**
     * Routers are many, and must leave room for applications. What a session sets for itself is only a default; a statement
     * of a router that would take long is ended.
     */
    private static final String ROUTER_LIMITS = """
            DO LANGUAGE plpgsql $do$
            BEGIN
              EXECUTE pg_catalog.format('ALTER ROLE mosaic_router CONNECTION LIMIT %s',
                greatest(10, pg_catalog.current_setting('max_connections')::int / 5));
            END $do$
            """;

    private Roles() {}

    /** Creates what is missing and sets the passwords. */
    static void ensure(Connection superuser, DatabaseIntent intent) throws SQLException {
        String owner = SqlText.identifier(intent.owner());
        createIfMissing(superuser, intent.owner());
        createIfMissing(superuser, SETUP);
        createIfMissing(superuser, MONITOR);
        createIfMissing(superuser, ROUTER);
        createIfMissing(superuser, MOVE);
        // A password in a statement is visible in pg_stat_activity to superusers only, and log_statement is off by
        // default.
        for (String statement : List.of(
                "SET LOCAL log_statement = 'none'",
                "SET LOCAL log_min_duration_statement = -1",
                "ALTER ROLE " + owner + " LOGIN NOSUPERUSER NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD "
                        + SqlText.literal(intent.passwords().owner()),
                "ALTER ROLE " + SETUP + " LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD "
                        + SqlText.literal(intent.passwords().setup()),
                "ALTER ROLE " + MONITOR
                        + " LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD "
                        + SqlText.literal(intent.passwords().monitor()),
                "ALTER ROLE " + ROUTER
                        + " LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS NOINHERIT PASSWORD "
                        + SqlText.literal(intent.passwords().router()),
                "ALTER ROLE " + ROUTER + " SET search_path = pg_catalog",
                "ALTER ROLE " + ROUTER + " SET statement_timeout = '2s'",
                "ALTER ROLE " + ROUTER + " SET idle_in_transaction_session_timeout = '5s'",
                "ALTER ROLE " + ROUTER + " SET default_transaction_read_only = on",
                ROUTER_LIMITS,
                "ALTER ROLE " + MOVE
                        + " LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE REPLICATION BYPASSRLS INHERIT PASSWORD "
                        + SqlText.literal(intent.passwords().move()),
                "GRANT " + owner + " TO " + MOVE,
                "GRANT SET ON PARAMETER session_replication_role TO " + MOVE,
                "GRANT pg_monitor TO " + MONITOR,
                "GRANT " + owner + " TO " + SETUP,
                "ALTER ROLE " + SETUP + " SET role = " + SqlText.literal(intent.owner()))) {
            try (Statement sql = superuser.createStatement()) {
                sql.execute(statement);
            }
        }
    }

    private static void createIfMissing(Connection superuser, String role) throws SQLException {
        try (PreparedStatement exists =
                superuser.prepareStatement("SELECT FROM pg_catalog.pg_roles WHERE rolname = ?")) {
            exists.setString(1, role);
            try (ResultSet row = exists.executeQuery()) {
                if (row.next()) {
                    return;
                }
            }
        }
        try (Statement create = superuser.createStatement()) {
            create.execute("CREATE ROLE " + SqlText.identifier(role));
        }
    }
}
