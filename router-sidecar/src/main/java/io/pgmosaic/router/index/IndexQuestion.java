package io.pgmosaic.router.index;

import io.pgmosaic.protocol.topology.ClusterTopology;
import io.pgmosaic.protocol.topology.Server;
import io.pgmosaic.protocol.topology.ShardTopology;
import io.pgmosaic.router.database.Databases;
import io.pgmosaic.router.database.FitReplicas;
import io.pgmosaic.router.database.NotAnsweredException;
import io.pgmosaic.router.database.ServerAddress;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import org.jspecify.annotations.Nullable;

/** Asks a shard's servers which key has a value. */
final class IndexQuestion {
    private static final String SQL = "SELECT f.key, pg_is_in_recovery() FROM (SELECT) AS one"
            + " LEFT JOIN LATERAL mosaic.lookup_find($1::text, $2::text) AS f ON true";

    private final Databases databases;

    IndexQuestion(Databases databases) {
        this.databases = databases;
    }

    /** What a server said; the key is null when no key has the value. */
    record Said(@Nullable String key) {}

    /**
     * @param byPrimary whether a replica will not do, which may be behind
     * @return fails with an {@link IndexUnavailableException}. That no key has the value was said by a primary
     */
    Future<Said> ask(ClusterTopology cluster, ShardTopology home, String index, String value, boolean byPrimary) {
        @Nullable Server replica = byPrimary ? null : FitReplicas.any(cluster, home);
        if (replica == null) {
            return askPrimary(cluster, home, index, value);
        }
        return ask(cluster, home, replica, index, value, false)
                .compose(
                        said -> said.key() == null
                                ? askPrimary(cluster, home, index, value)
                                : Future.succeededFuture(said),
                        failure -> askPrimary(cluster, home, index, value));
    }

    private Future<Said> askPrimary(ClusterTopology cluster, ShardTopology home, String index, String value) {
        @Nullable Server primary = home.primary();
        return primary == null
                ? Future.failedFuture(new IndexUnavailableException(
                        home.shard(), home.reason() == null ? "it has no primary" : home.reason()))
                : ask(cluster, home, primary, index, value, true);
    }

    private Future<Said> ask(
            ClusterTopology cluster, ShardTopology home, Server server, String index, String value, boolean asPrimary) {
        return databases
                .ask(ServerAddress.of(cluster, home.shard(), server), SQL, Tuple.of(index, value))
                .compose(rows -> {
                    Row row = rows.iterator().next();
                    return asPrimary && row.getBoolean(1)
                            ? Future.failedFuture(new IndexUnavailableException(
                                    home.shard(), server.instance() + " is not its primary any more"))
                            : Future.succeededFuture(new Said(row.getString(0)));
                })
                .recover(cause -> Future.failedFuture(
                        cause instanceof NotAnsweredException || cause instanceof PgException
                                ? new IndexUnavailableException(home.shard(), String.valueOf(cause.getMessage()))
                                : cause));
    }
}
