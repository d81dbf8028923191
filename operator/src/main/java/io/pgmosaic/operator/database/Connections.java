package io.pgmosaic.operator.database;

import org.jboss.logging.Logger;
import org.postgresql.Driver;
import org.postgresql.PGProperty;
import org.postgresql.ssl.SingleCertValidatingFactory;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/** Opens connections to the servers of a cluster, and only to the right ones. */
public final class Connections {
    private static final int CONNECT_SECONDS = 3;
    private static final int SOCKET_SECONDS = 330;
    private static final String OLDEST_SERVER = "15";

    /**
     * Plain names resolve to the system's own objects only; a lock that is held is waited for briefly, then retried. The rest
     * outranks what the database's owner can set for all its sessions.
     */
    private static final String OWN = "-c search_path=pg_catalog -c lock_timeout=5s -c statement_timeout=30s"
            + " -c idle_in_transaction_session_timeout=60s -c role=none -c standard_conforming_strings=on"
            + " -c row_security=on -c synchronous_commit=on -c default_transaction_read_only=";

    private static final String CHANGING = OWN + "off";

    /** Should it be tricked into a change, that is refused. */
    private static final String LOOKING = OWN + "on";

    /**
     * Whoever owns a table can swap it for a view between a look at it and a read of it, and a view's functions run with the
     * reader's power. Minor releases of 2024 and later can refuse views; the query does nothing on older ones.
     */
    private static final String REFUSE_VIEWS = "SELECT pg_catalog.set_config(name, 'view', false)"
            + " FROM pg_catalog.pg_settings WHERE name = 'restrict_nonsystem_relation_kind'";

    /** For statements on a user's tables, which may take long. */
    private static final String SLOW =
            " -c lock_timeout=5s -c statement_timeout=300s" + " -c idle_in_transaction_session_timeout=60s";

    /** A script of a user resolves names as PostgreSQL does by default, whatever was set for the database or the role. */
    private static final String SCRIPT_OPTIONS = "-c search_path=\"$user\",public" + SLOW;

    private static final String OWNER_OPTIONS = "-c search_path=pg_catalog" + SLOW;

    private static final String MAKING = "-c search_path=pg_catalog -c lock_timeout=5s -c statement_timeout=0"
            + " -c idle_in_transaction_session_timeout=60s -c client_connection_check_interval=5s"
            + " -c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3 -c tcp_user_timeout=30s";

    /**
     * A copy lasts as long as it lasts, so nothing ends its statements but the death of either side, which each of them notices within
     * seconds; whether a server that is there still does anything is watched by whoever opens such a session.
     */
    private static final String LONG = "-c search_path=pg_catalog -c lock_timeout=5s -c statement_timeout=0"
            + " -c idle_in_transaction_session_timeout=0 -c idle_session_timeout=0 -c role=none -c row_security=on"
            + " -c standard_conforming_strings=on -c synchronous_commit=on -c default_transaction_read_only=off"
            + " -c client_connection_check_interval=5s"
            + " -c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3 -c tcp_user_timeout=30s";

    /** What the owner set for all sessions does not outrank it: by these settings the statements were read before they are run. */
    private static final String MIGRATING = "-c search_path=\"$user\",public -c statement_timeout=0 -c lock_timeout=5s"
            + " -c idle_in_transaction_session_timeout=60s -c standard_conforming_strings=on -c synchronous_commit=on"
            + " -c default_transaction_read_only=off -c DateStyle=ISO -c client_connection_check_interval=5s"
            + " -c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3 -c tcp_user_timeout=30s";

    /** By which one value has one text on any server. */
    private static final String ONE_TEXT =
            "SET DateStyle = ISO, YMD; SET IntervalStyle = postgres; SET extra_float_digits = 3;"
                    + " SET bytea_output = hex; SET TimeZone = 'UTC'; SET client_encoding = 'UTF8'; SET lc_monetary = 'C';"
                    + " SET xmloption = content";

    /** SQLSTATE class of a login that is refused, and that of a database to which a role may not connect. */
    private static final String LOGIN_REFUSED = "28";

    private static final String PERMISSION_DENIED = "42501";

    private static final Logger LOG = Logger.getLogger(Connections.class);

    private final DatabaseServer server;

    public Connections(DatabaseServer server) {
        this.server = server;
    }

    /** A session of the superuser. */
    public Connection superuser(String database, String password) throws SQLException {
        return refusingViews(open(database, "postgres", password, CHANGING));
    }

    /**
     * A session that may look at everything that PgMosaic keeps, and change nothing; empty where the role is not admitted:
     * by an instance manager of an earlier version, or by an owner who lets nobody into the database.
     */
    Optional<Connection> monitor(String database, String password) throws SQLException {
        try {
            return Optional.of(refusingViews(open(database, Roles.MONITOR, password, LOOKING)));
        } catch (SQLException e) {
            String state = String.valueOf(e.getSQLState());
            if (state.startsWith(LOGIN_REFUSED) || state.equals(PERMISSION_DENIED)) {
                LOG.infof(
                        "%s is not admitted by %s, so the superuser looks: %s",
                        Roles.MONITOR, server.instance(), e.getMessage());
                return Optional.empty();
            }
            throw e;
        }
    }

    private static Connection refusingViews(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(REFUSE_VIEWS);
            return connection;
        } catch (SQLException e) {
            try (connection) {
                throw e;
            }
        }
    }

    /** A session that runs what a user wrote. */
    Connection script(String database, String role, String password) throws SQLException {
        return open(database, role, password, SCRIPT_OPTIONS);
    }

    /** A session that asks with the power of a user, and of nobody else, what the operator wrote. */
    Connection owner(String database, String role, String password) throws SQLException {
        return open(database, role, password, OWNER_OPTIONS);
    }

    /**
     * A session with the power of the owner of the database's tables, to which no policy hides a row: a query that one would
     * hide rows from fails. It asks questions that have to be answered soon.
     */
    public Connection reader(String database, String password) throws SQLException {
        return open(
                database,
                Roles.SETUP,
                password,
                "-c search_path=pg_catalog -c lock_timeout=2s -c statement_timeout=10s -c row_security=off"
                        + " -c default_transaction_read_only=on");
    }

    /**
     * A session of the role that moves rows, which sends and takes every value in the same text. No time-out ends its statements, and
     * reading from it waits for ever: it is to be watched.
     */
    public Connection mover(String database, String password) throws SQLException {
        Connection connection = refusingViews(open(database, Roles.MOVE, password, LONG, 0, Map.of()));
        try (Statement statement = connection.createStatement()) {
            statement.execute(ONE_TEXT);
            return connection;
        } catch (SQLException e) {
            try (connection) {
                throw e;
            }
        }
    }

    /** A session of the same role that takes replication commands too; it knows the simple protocol alone, and is to be watched. */
    public Connection replication(String database, String password) throws SQLException {
        return open(
                database,
                Roles.MOVE,
                password,
                LONG,
                0,
                Map.of(
                        PGProperty.REPLICATION,
                        "database",
                        PGProperty.PREFER_QUERY_MODE,
                        "simple",
                        PGProperty.ASSUME_MIN_SERVER_VERSION,
                        OLDEST_SERVER));
    }

    /**
     * A session that runs as the owner what makes the database's objects; it may build indexes for hours, and is to be watched.
     */
    public Connection maker(String database, String password) throws SQLException {
        return open(database, Roles.SETUP, password, MAKING, 0, Map.of());
    }

    /**
     * A session that runs as the owner what a migration says; it may run for hours, and is to be watched. It does not call itself what
     * the operator's own sessions do, since changes of the schema that a split refuses are refused to it, too.
     */
    public Connection migrator(String database, String password) throws SQLException {
        return open(
                database,
                Roles.SETUP,
                password,
                MIGRATING,
                0,
                Map.of(PGProperty.APPLICATION_NAME, "pgmosaic-migration"));
    }

    private Connection open(String database, String role, String password, String options) throws SQLException {
        return open(database, role, password, options, SOCKET_SECONDS, Map.of());
    }

    /** @param silenceSeconds after which a server that says nothing is given up; 0 for never */
    private Connection open(
            String database,
            String role,
            String password,
            String options,
            int silenceSeconds,
            Map<PGProperty, String> further)
            throws SQLException {
        Properties properties = new Properties();
        PGProperty.APPLICATION_NAME.set(properties, "pgmosaic-operator");
        further.forEach((property, value) -> property.set(properties, value));
        PGProperty.USER.set(properties, role);
        PGProperty.PASSWORD.set(properties, password);
        PGProperty.SSL_MODE.set(properties, "verify-ca");
        PGProperty.SSL_FACTORY.set(properties, SingleCertValidatingFactory.class.getName());
        PGProperty.SSL_FACTORY_ARG.set(properties, server.authorityPem());
        PGProperty.CONNECT_TIMEOUT.set(properties, CONNECT_SECONDS);
        PGProperty.LOGIN_TIMEOUT.set(properties, CONNECT_SECONDS);
        PGProperty.SOCKET_TIMEOUT.set(properties, silenceSeconds);
        PGProperty.TCP_KEEP_ALIVE.set(properties, true);
        PGProperty.OPTIONS.set(properties, options);
        PGProperty.PG_HOST.set(properties, server.address());
        PGProperty.PG_PORT.set(properties, Integer.toString(server.port()));
        PGProperty.PG_DBNAME.set(properties, database);
        Connection connection = new Driver().connect("jdbc:postgresql://", properties);
        if (connection == null) {
            throw new PSQLException("the driver refused its own URL", PSQLState.CONNECTION_UNABLE_TO_CONNECT);
        }
        try {
            requireRightServer(connection);
        } catch (SQLException e) {
            try (connection) {
                throw e;
            }
        }
        return connection;
    }

    /** A pod's address can pass to another pod; then this is another server, or the same one in another role. */
    private void requireRightServer(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_catalog.current_setting('mosaic.instance', true),"
                        + " pg_catalog.current_setting('mosaic.term', true), pg_catalog.pg_is_in_recovery()")) {
            row.next();
            String found = row.getString(1) + " in term " + row.getString(2)
                    + (row.getBoolean(3) ? ", a standby" : ", a primary");
            String wanted = server.instance() + " in term " + server.term() + ", a primary";
            if (!found.equals(wanted)) {
                throw new PSQLException(
                        "expected " + wanted + " at " + server.address() + ", found " + found,
                        PSQLState.CONNECTION_REJECTED);
            }
        }
    }
}
