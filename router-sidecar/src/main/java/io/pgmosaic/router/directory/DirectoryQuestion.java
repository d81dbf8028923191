package io.pgmosaic.router.directory;

import io.pgmosaic.protocol.topology.ClusterTopology;
import io.pgmosaic.protocol.topology.Replica;
import io.pgmosaic.protocol.topology.Server;
import io.pgmosaic.protocol.topology.ShardTopology;
import io.pgmosaic.router.database.Databases;
import io.pgmosaic.router.database.NotAnsweredException;
import io.pgmosaic.router.database.ServerAddress;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Asks a shard's servers for entries of its directory. */
final class DirectoryQuestion {
    private static final String SQL = "SELECT f.state, f.shard, pg_is_in_recovery()"
            + " FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS k (region, key, i)"
            + " LEFT JOIN LATERAL mosaic.directory_find($1::text, k.region, k.key) AS f ON true ORDER BY k.i";

    private final Databases databases;

    DirectoryQuestion(Databases databases) {
        this.databases = databases;
    }

    /** What a shard has of a key; the shard is null without an entry. */
    record Said(@Nullable String state, @Nullable String shard) {}

    /**
     * @param keys of one group
     * @param byPrimary whether a replica, which may be behind, will not do
     * @return one answer for each key; fails with a {@link DirectoryUnavailableException}
     */
    Future<List<Said>> ask(ClusterTopology cluster, ShardTopology home, List<TenantKey> keys, boolean byPrimary) {
        @Nullable Server replica = byPrimary ? null : replica(cluster, home);
        @Nullable Server primary = home.primary();
        if (replica == null) {
            return primary == null
                    ? Future.failedFuture(
                            unavailable(home, home.reason() == null ? "it has no primary" : home.reason()))
                    : ask(cluster, home, primary, keys, byPrimary);
        }
        Future<List<Said>> answer = ask(cluster, home, replica, keys, false);
        return primary == null ? answer : answer.recover(cause -> ask(cluster, home, primary, keys, false));
    }

    private Future<List<Said>> ask(
            ClusterTopology cluster, ShardTopology home, Server server, List<TenantKey> keys, boolean asPrimary) {
        Tuple parameters = Tuple.of(
                keys.getFirst().group(),
                keys.stream().map(TenantKey::region).toArray(String[]::new),
                keys.stream().map(TenantKey::key).toArray(String[]::new));
        return databases
                .ask(ServerAddress.of(cluster, home.shard(), server), SQL, parameters)
                .compose(rows -> read(home, server, rows, asPrimary))
                .recover(cause -> Future.failedFuture(
                        cause instanceof NotAnsweredException || cause instanceof PgException
                                ? unavailable(home, String.valueOf(cause.getMessage()))
                                : cause));
    }

    private static Future<List<Said>> read(ShardTopology home, Server server, RowSet<Row> rows, boolean asPrimary) {
        List<Said> said = new ArrayList<>(rows.size());
        for (Row row : rows) {
            if (asPrimary && row.getBoolean(2)) {
                return Future.failedFuture(unavailable(home, server.instance() + " is not its primary any more"));
            }
            said.add(new Said(row.getString(0), row.getString(1)));
        }
        return Future.succeededFuture(said);
    }

    /** One of those that lag no more than the cluster allows for reads. */
    private static @Nullable Server replica(ClusterTopology cluster, ShardTopology home) {
        long most = cluster.routing().maxReplicaLagMillis();
        List<Server> fit = home.replicas().stream()
                .filter(replica -> replica.lagMillis() != null && replica.lagMillis() <= most)
                .map(Replica::server)
                .toList();
        return fit.isEmpty() ? null : fit.get(ThreadLocalRandom.current().nextInt(fit.size()));
    }

    private static DirectoryUnavailableException unavailable(ShardTopology home, String reason) {
        return new DirectoryUnavailableException(home.shard(), reason);
    }
}
