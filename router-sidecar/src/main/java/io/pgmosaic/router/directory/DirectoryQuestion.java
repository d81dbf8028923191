package io.pgmosaic.router.directory;

import io.pgmosaic.protocol.topology.ClusterTopology;
import io.pgmosaic.protocol.topology.Server;
import io.pgmosaic.protocol.topology.ShardTopology;
import io.pgmosaic.router.database.Databases;
import io.pgmosaic.router.database.FitReplicas;
import io.pgmosaic.router.database.NotAnsweredException;
import io.pgmosaic.router.database.ServerAddress;
import io.pgmosaic.router.lookup.ShardAnswers;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongUnaryOperator;

/** Asks a shard's servers for entries of its directory. */
final class DirectoryQuestion {
    private static final String SQL = "SELECT f.state, f.shard, pg_is_in_recovery()"
            + " FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS k (region, key, i)"
            + " LEFT JOIN LATERAL mosaic.directory_find($1::text, k.region, k.key) AS f ON true ORDER BY k.i";

    private final Databases databases;
    private final LongUnaryOperator toldMillisAgo;

    /** @param toldMillisAgo at a time by {@link System#nanoTime}, since when the topology may not be current any more */
    DirectoryQuestion(Databases databases, LongUnaryOperator toldMillisAgo) {
        this.databases = databases;
        this.toldMillisAgo = toldMillisAgo;
    }

    /**
     * What a server has of keys, in their order.
     *
     * @param behindMillis as in {@link Entry}
     */
    record Answer(List<Said> said, int behindMillis) {}

    /** What a shard has of a key; the shard is null without an entry. */
    record Said(@Nullable String state, @Nullable String shard) {}

    /**
     * @param keys of one group
     * @param byPrimary whether a replica, which may be behind, will not do
     * @param now by {@link System#nanoTime}
     * @return fails with a {@link DirectoryUnavailableException}
     */
    Future<Answer> ask(ClusterTopology cluster, ShardAnswers shard, List<TenantKey> keys, boolean byPrimary, long now) {
        ShardTopology home = shard.topology();
        @Nullable Server replica = byPrimary ? null : FitReplicas.any(cluster, home);
        @Nullable Server primary = home.primary();
        if (replica == null) {
            return primary == null
                    ? Future.failedFuture(
                            unavailable(home, home.reason() == null ? "it has no primary" : home.reason()))
                    : ask(cluster, home, primary, keys, byPrimary, Entry.UNKNOWN);
        }
        // From before the question: what is answered later is no older.
        int behind = behindMillis(shard, replica, now);
        Future<Answer> answer = ask(cluster, home, replica, keys, false, behind);
        return primary == null
                ? answer
                : answer.recover(cause -> ask(cluster, home, primary, keys, false, Entry.UNKNOWN));
    }

    /** @param behindMillis how far the server may be behind if it is a replica */
    private Future<Answer> ask(
            ClusterTopology cluster,
            ShardTopology home,
            Server server,
            List<TenantKey> keys,
            boolean asPrimary,
            int behindMillis) {
        Tuple parameters = Tuple.of(
                keys.getFirst().group(),
                keys.stream().map(TenantKey::region).toArray(String[]::new),
                keys.stream().map(TenantKey::key).toArray(String[]::new));
        return databases
                .ask(ServerAddress.of(cluster, home.shard(), server), SQL, parameters)
                .compose(rows -> read(home, server, rows, asPrimary, behindMillis))
                .recover(cause -> Future.failedFuture(
                        cause instanceof NotAnsweredException || cause instanceof PgException
                                ? unavailable(home, String.valueOf(cause.getMessage()))
                                : cause));
    }

    private static Future<Answer> read(
            ShardTopology home, Server server, RowSet<Row> rows, boolean asPrimary, int behindMillis) {
        List<Said> said = new ArrayList<>(rows.size());
        boolean inRecovery = true;
        for (Row row : rows) {
            inRecovery = row.getBoolean(2);
            if (asPrimary && inRecovery) {
                return Future.failedFuture(unavailable(home, server.instance() + " is not its primary any more"));
            }
            said.add(new Said(row.getString(0), row.getString(1)));
        }
        boolean primary = home.primary() != null && server.equals(home.primary()) && !inRecovery;
        return Future.succeededFuture(new Answer(said, primary ? 0 : behindMillis));
    }

    private int behindMillis(ShardAnswers shard, Server replica, long now) {
        long told = toldMillisAgo.applyAsLong(now);
        return shard.guaranteed().replicas().stream()
                .filter(state -> state.server().equals(replica))
                .mapToLong(state -> state.lagMillis(told, now))
                .mapToInt(lag -> (int) Math.min(lag, Entry.UNKNOWN))
                .findFirst()
                .orElse(Entry.UNKNOWN);
    }

    private static DirectoryUnavailableException unavailable(ShardTopology home, String reason) {
        return new DirectoryUnavailableException(home.shard(), reason);
    }
}
