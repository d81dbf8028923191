package io.pgmosaic.router.probe;

import io.pgmosaic.protocol.topology.ClusterTopology;
import io.pgmosaic.protocol.topology.Server;
import io.pgmosaic.router.database.Databases;
import io.pgmosaic.router.database.ServerAddress;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import org.jspecify.annotations.Nullable;

import java.net.ConnectException;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Asks by SQL, with the role of routers. That is let in where applications are, so a primary that answers is one that is open.
 * The connection is closed after each answer, since routers are many and their places on a server few; unless somebody else waits
 * for an answer of that server, whose connection it is then. Whoever asks next opens another.
 */
public final class SqlServerProbe implements ServerProbe {
    /**
     * {@code overridden}: the database's owner can set {@code mosaic.term} for all its sessions, and then it says nothing. A router
     * that believed a term of any height would believe no operator any more.
     */
    private static final String QUESTION = """
            SELECT pg_is_in_recovery() AS standby,
                   current_setting('mosaic.term', true) AS term,
                   current_setting('mosaic.shard', true) AS shard,
                   current_setting('mosaic.instance', true) AS instance,
                   EXISTS (SELECT FROM pg_db_role_setting, unnest(setconfig) AS setting
                           WHERE lower(setting) LIKE 'mosaic.%') AS overridden
            """;

    private static final Pattern TERM = Pattern.compile("[0-9]{1,18}");
    /** {@code invalid_authorization_specification}: what {@code pg_hba.conf} says to a role that it does not admit. */
    private static final String NOT_ADMITTED = "28000";
    /** {@code admin_shutdown}, {@code crash_shutdown}, {@code cannot_connect_now}. */
    private static final Set<String> NOT_RUNNING = Set.of("57P01", "57P02", "57P03");

    private final Databases databases;

    /** @param databases also of those who ask for other things: a server has one connection of this router at most */
    public SqlServerProbe(Databases databases) {
        this.databases = databases;
    }

    @Override
    public Future<ServerAnswer> ask(ClusterTopology cluster, String shard, Server server) {
        ServerAddress address = ServerAddress.of(cluster, shard, server);
        return databases
                .ask(address, QUESTION, Tuple.tuple())
                .map(rows -> understood(shard, server, rows))
                .otherwise(SqlServerProbe::failed)
                .onComplete(answered -> databases.leave(address));
    }

    private static ServerAnswer understood(String shard, Server server, RowSet<Row> rows) {
        Row row = rows.iterator().next();
        if (row.getBoolean("overridden")) {
            return new ServerAnswer.Unclear();
        }
        if (!shard.equals(row.getString("shard")) || !server.instance().equals(row.getString("instance"))) {
            return new ServerAnswer.None(ServerAnswer.Why.ANOTHER);
        }
        String term = row.getString("term");
        if (term == null || !TERM.matcher(term).matches()) {
            return new ServerAnswer.Unclear();
        }
        return row.getBoolean("standby")
                ? new ServerAnswer.Standby(Long.parseLong(term))
                : new ServerAnswer.Primary(Long.parseLong(term));
    }

    private static ServerAnswer failed(Throwable failure) {
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectException) {
                return new ServerAnswer.None(ServerAnswer.Why.DOWN);
            }
            if (cause instanceof PgException answered) {
                String state = String.valueOf(answered.getSqlState());
                if (state.equals(NOT_ADMITTED)) {
                    return new ServerAnswer.None(ServerAnswer.Why.CLOSED);
                }
                return NOT_RUNNING.contains(state)
                        ? new ServerAnswer.None(ServerAnswer.Why.DOWN)
                        : new ServerAnswer.Unclear();
            }
        }
        return new ServerAnswer.Unclear();
    }
}
