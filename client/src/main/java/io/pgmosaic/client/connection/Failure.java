package io.pgmosaic.client.connection;

import org.jspecify.annotations.Nullable;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;

/** What a failed statement says of where it was sent. */
public enum Failure {
    /** The shard does not own the key: the map is stale. The transaction is void. */
    NOT_OWNED,
    /** The server takes no writes: it is no primary, or the transaction was made so. */
    READ_ONLY,
    /** The connection is gone, or could not be had. What was sent before may have been done. */
    LOST,
    /** None of these. */
    OTHER;

    private static final Set<String> SHUT_DOWN = Set.of("57P01", "57P02", "57P03", "57P05");
    /** While connecting: too many connections; not admitted, as by a primary that is not open to applications yet. */
    private static final Set<String> TURNED_AWAY = Set.of("53300", "28000");
    /** While connecting, and told by a pool as if it were an outage: a wrong password, a wrong database. */
    private static final Set<String> HOPELESS = Set.of("28P01", "3D000", "42501");

    /** Of a transaction: never to be repeated, whatever it was caused by. */
    public static final String UNKNOWN_OUTCOME = "08007";

    /** What the failure is, or the one that caused it, where a library has wrapped it without a SQLSTATE. */
    public static Failure of(Throwable failure) {
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException e) {
                Failure found = of(e);
                if (found != OTHER || !state(e).isEmpty()) {
                    return found;
                }
            }
        }
        return OTHER;
    }

    private static Failure of(SQLException e) {
        String state = state(e);
        if (state.equals("MO001")) {
            return NOT_OWNED;
        }
        if (state.equals("25006")) {
            return READ_ONLY;
        }
        if (state.equals(UNKNOWN_OUTCOME)) {
            return OTHER;
        }
        boolean lost = state.startsWith("08")
                || SHUT_DOWN.contains(state)
                || e instanceof SQLRecoverableException
                || e instanceof SQLTransientConnectionException
                || e instanceof SQLNonTransientConnectionException;
        return lost && !isHopeless(e) ? LOST : OTHER;
    }

    /** Of a connection that could not be had: nothing was sent. */
    static SQLException whileConnecting(DatabaseServer server, SQLException e) {
        boolean worthwhile = of((Throwable) e) == LOST || TURNED_AWAY.contains(state(e));
        String message = "cannot connect to " + server.instance() + " of shard " + server.shard() + " at "
                + server.host() + ":" + server.port() + ": " + e.getMessage();
        return worthwhile && !isHopeless(e)
                ? new SQLTransientConnectionException(message, "08001", e)
                : new SQLException(message, e.getSQLState(), e);
    }

    private static boolean isHopeless(SQLException failure) {
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException e && HOPELESS.contains(state(e))) {
                return true;
            }
        }
        return false;
    }

    private static String state(SQLException e) {
        String state = e.getSQLState();
        return state == null ? "" : state;
    }
}
