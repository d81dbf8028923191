package io.pgmosaic.client;

import io.pgmosaic.client.connection.CheckedConnection;
import io.pgmosaic.client.connection.Failure;
import io.pgmosaic.client.connection.ServerFacts;
import io.pgmosaic.client.connection.Servers;
import io.pgmosaic.client.connection.ShardUnavailableException;
import io.pgmosaic.client.load.Outcomes;
import io.pgmosaic.client.topology.ShardServers;
import io.pgmosaic.client.topology.Topology;
import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.SQLWarning;
import java.util.regex.Pattern;

/** Transactions on the primary of a shard. One that fails with what is tried again has not been committed. */
final class Transactions {
    private static final System.Logger LOG = System.getLogger(Transactions.class.getName());

    private static final Pattern STATE = Pattern.compile("[0-9A-Z]{5}");
    /** With this SQLSTATE pgjdbc tells of what it did not expect. */
    private static final String OF_THE_DRIVER = "99999";

    private final Servers servers;
    private final Outcomes outcomes;

    Transactions(Servers servers, Outcomes outcomes) {
        this.servers = servers;
        this.outcomes = outcomes;
    }

    <T extends @Nullable Object> T once(
            Topology topology, Owner owner, int priority, @Nullable CausalContext context, SqlWork<T> work)
            throws SQLException {
        String shardName = owner.shard();
        if (!owner.lookedUp()) {
            outcomes.admit(shardName, true, priority);
        }
        ShardServers shard = topology.shard(shardName);
        long leastTerm = context == null ? 0 : context.leastTerm(shardName);
        CheckedConnection checked = connect(topology, shard, leastTerm, owner.lookedUp(), priority);
        Outcomes.Sender sender =
                new Outcomes.Sender(shardName, checked.server().instance(), true, owner.lookedUp(), priority);
        try {
            T result =
                    inTransaction(checked, context, work, (began, failure) -> outcomes.ended(sender, began, failure));
            wrote(checked, context);
            return result;
        } finally {
            giveBack(checked);
        }
    }

    private CheckedConnection connect(
            Topology topology, ShardServers shard, long leastTerm, boolean lookedUp, int priority) throws SQLException {
        long began = System.nanoTime();
        try {
            return servers.primary(topology, shard, leastTerm);
        } catch (ShardUnavailableException e) {
            // Told by the router, who needs not be told.
            throw e;
        } catch (SQLException | RuntimeException e) {
            outcomes.ended(new Outcomes.Sender(shard.shard(), null, true, lookedUp, priority), began, e);
            throw e;
        }
    }

    private static <T extends @Nullable Object> T inTransaction(
            CheckedConnection checked,
            @Nullable CausalContext context,
            SqlWork<T> work,
            TimedStatement.Stopwatch stopwatch)
            throws SQLException {
        Connection connection = checked.connection();
        connection.setAutoCommit(false);
        T result;
        try {
            result = work.run(GuardedConnection.of(connection, stopwatch));
            connection.clearWarnings();
        } catch (Throwable e) {
            // Of any kind: some languages throw what was not declared.
            undo(connection, e);
            if (Failure.of(e) == Failure.READ_ONLY && !isStandby(connection, e)) {
                // The work made its transaction read only: another server would not help.
                throw new SQLException("the work writes in a transaction that it made read only", "25000", e);
            }
            throw e;
        }
        commit(checked, context, stopwatch);
        return result;
    }

    private static void commit(
            CheckedConnection checked, @Nullable CausalContext context, TimedStatement.Stopwatch stopwatch)
            throws SQLException {
        Connection connection = checked.connection();
        String shard = checked.server().shard();
        @Nullable SQLWarning warning;
        long began = System.nanoTime();
        try {
            connection.commit();
            stopwatch.ended(began, null);
            warning = connection.getWarnings();
        } catch (Throwable e) {
            // Whatever it is, the commit may have been sent.
            stopwatch.ended(began, e);
            if (e instanceof SQLException refusal
                    && isRefusal(refusal)
                    && undo(connection, e)
                    && isAlive(connection, e)) {
                throw refusal;
            }
            doubt(checked, context);
            abort(connection, e);
            throw new UnknownOutcomeException(shard, e);
        }
        if (warning != null && isDoubt(warning)) {
            doubt(checked, context);
            endTransaction(connection);
            throw new UnknownOutcomeException(shard, warning);
        }
        endTransaction(connection);
    }

    /**
     * Whether the server seems to have said that it did not commit. It did so only if it lives on: one that panics, or is shut down,
     * during a commit gives a reason too, and the commit may be in its log. What has no SQLSTATE was said by somebody else.
     */
    private static boolean isRefusal(SQLException e) {
        String state = e.getSQLState();
        return state != null
                && STATE.matcher(state).matches()
                && !state.equals(OF_THE_DRIVER)
                && Failure.of(e) != Failure.LOST;
    }

    /** Whether the session that the transaction was in goes on. The driver asks nobody to roll back what is rolled back. */
    private static boolean isAlive(Connection connection, Throwable because) {
        try {
            ServerFacts.of(connection);
            return true;
        } catch (SQLException | RuntimeException e) {
            because.addSuppressed(e);
            return false;
        }
    }

    /** A commit whose wait for its standbys was cancelled is there, and may vanish with its primary. */
    private static boolean isDoubt(SQLWarning warning) {
        for (@Nullable SQLWarning each = warning; each != null; each = each.getNextWarning()) {
            if ("01000".equals(each.getSQLState()) || "57P01".equals(each.getSQLState())) {
                return true;
            }
        }
        return false;
    }

    private static void endTransaction(Connection connection) {
        try {
            connection.setAutoCommit(true);
        } catch (SQLException | RuntimeException e) {
            // The commit was acknowledged; the next one to use the connection is told.
            LOG.log(System.Logger.Level.DEBUG, "a connection does not go back to autocommit", e);
        }
    }

    /** Whether that was possible. A connection on which it is not is of no more use to anybody. */
    private static boolean undo(Connection connection, Throwable because) {
        try {
            connection.rollback();
            connection.setAutoCommit(true);
            return true;
        } catch (SQLException | RuntimeException e) {
            because.addSuppressed(e);
            abort(connection, because);
            return false;
        }
    }

    private static void abort(Connection connection, Throwable because) {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException | RuntimeException e) {
            because.addSuppressed(e);
        }
    }

    private static boolean isStandby(Connection connection, Throwable because) {
        try {
            return ServerFacts.of(connection).standby();
        } catch (SQLException | RuntimeException e) {
            because.addSuppressed(e);
            return true;
        }
    }

    private static void wrote(CheckedConnection checked, @Nullable CausalContext context) {
        if (context == null) {
            return;
        }
        try {
            ServerFacts facts = ServerFacts.of(checked.connection());
            if (facts.standby()) {
                throw new SQLTransientConnectionException("a primary became a standby", "08004");
            }
            context.reached(checked.server().shard(), facts.position());
        } catch (SQLException | RuntimeException e) {
            // The commit was acknowledged, and stays so.
            LOG.log(System.Logger.Level.DEBUG, "the position of a commit is asked for later", e);
            doubt(checked, context);
        }
    }

    private static void doubt(CheckedConnection checked, @Nullable CausalContext context) {
        if (context != null) {
            context.wroteSomewhere(checked.server().shard(), checked.facts().term());
        }
    }

    /** Whether it could be given back says nothing of what was done. */
    private static void giveBack(CheckedConnection checked) {
        try {
            checked.close();
        } catch (SQLException | RuntimeException e) {
            LOG.log(System.Logger.Level.DEBUG, "a connection cannot be given back", e);
        }
    }
}
