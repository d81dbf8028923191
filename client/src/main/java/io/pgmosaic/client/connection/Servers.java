package io.pgmosaic.client.connection;

import io.pgmosaic.client.topology.Position;
import io.pgmosaic.client.topology.ServerAddress;
import io.pgmosaic.client.topology.ShardServers;
import io.pgmosaic.client.topology.Topology;
import org.jspecify.annotations.Nullable;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The connections to every server of the cluster. Thread-safe. */
public final class Servers implements AutoCloseable {
    /** A server that is made anew has the same name and address, and so the same connections. */
    private static final Duration KEPT = Duration.ofMinutes(2);

    private final ServerDataSources sources;
    private final Map<DatabaseServer, ServerPool> pools = new ConcurrentHashMap<>();

    public Servers(ServerDataSources sources) {
        this.sources = sources;
    }

    /**
     * A connection to the primary of a shard.
     *
     * @throws ShardUnavailableException when there is none now
     * @throws SQLException when it cannot be connected to, or is no primary
     */
    public CheckedConnection primary(Topology topology, ShardServers shard) throws SQLException {
        @Nullable ServerAddress primary = shard.primary();
        if (primary == null) {
            throw new ShardUnavailableException(shard);
        }
        return primary(topology, shard, primary);
    }

    /** The same, for one that was told by name. */
    public CheckedConnection primary(Topology topology, ShardServers shard, ServerAddress server) throws SQLException {
        return pool(topology, shard.shard(), server).primary(shard.term());
    }

    /**
     * A connection to a replica of a shard.
     *
     * @param needed what it has to have replayed, when that is known of the log that it replays; null for nothing
     * @return empty when it has not
     */
    public Optional<CheckedConnection> replica(
            Topology topology, ShardServers shard, ServerAddress server, @Nullable Position needed)
            throws SQLException {
        return pool(topology, shard.shard(), server).replica(shard.term(), needed);
    }

    /** Whether no connection to it could be had a moment ago. */
    public boolean isAvoided(Topology topology, ShardServers shard, ServerAddress server) {
        return pool(topology, shard.shard(), server).isAvoided();
    }

    private ServerPool pool(Topology topology, String shard, ServerAddress server) {
        DatabaseServer wanted =
                new DatabaseServer(shard, server.instance(), server.host(), server.port(), topology.database());
        @Nullable ServerPool known = pools.get(wanted);
        return known == null ? pools.computeIfAbsent(wanted, this::open) : known;
    }

    private ServerPool open(DatabaseServer server) {
        return new ServerPool(server, sources.open(server));
    }

    /** Closes the connections to servers that have not been in a topology for a while. */
    public void keep(Topology topology) {
        for (ShardServers shard : topology.shards().values()) {
            listed(topology, shard, shard.primary());
            shard.replicas().forEach(replica -> listed(topology, shard, replica.server()));
        }
        pools.forEach((server, pool) -> {
            if (pool.isUnlistedFor(KEPT) && pools.remove(server, pool)) {
                pool.close();
            }
        });
    }

    private void listed(Topology topology, ShardServers shard, @Nullable ServerAddress server) {
        @Nullable
        ServerPool pool = server == null
                ? null
                : pools.get(new DatabaseServer(
                        shard.shard(), server.instance(), server.host(), server.port(), topology.database()));
        if (pool != null) {
            pool.listed();
        }
    }

    @Override
    public void close() {
        pools.values().forEach(ServerPool::close);
        pools.clear();
    }
}
