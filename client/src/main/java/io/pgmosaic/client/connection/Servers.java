package io.pgmosaic.client.connection;

import io.pgmosaic.client.topology.Position;
import io.pgmosaic.client.topology.ServerAddress;
import io.pgmosaic.client.topology.ShardServers;
import io.pgmosaic.client.topology.Topology;
import org.jspecify.annotations.Nullable;

import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** The connections to every server of the cluster. Thread-safe. */
public final class Servers implements AutoCloseable {
    /** A server that is made anew has the same name and address, and so the same connections. */
    private static final Duration KEPT = Duration.ofMinutes(2);

    private final ServerDataSources sources;
    private final LongSupplier nanos;
    private final Map<DatabaseServer, ServerPool> pools = new ConcurrentHashMap<>();
    /** Since when servers that are connected to have not been told of. Those that are told of are not in it. */
    private final Map<DatabaseServer, Long> goneSince = new ConcurrentHashMap<>();

    private volatile boolean closed;

    public Servers(ServerDataSources sources) {
        this(sources, System::nanoTime);
    }

    /** @param nanos as {@link System#nanoTime} */
    Servers(ServerDataSources sources, LongSupplier nanos) {
        this.sources = sources;
        this.nanos = nanos;
    }

    /**
     * A connection to the primary of a shard.
     *
     * @param leastTerm what is to be found there may have been written in this term: a primary of an earlier one lacks it. 0 when
     *     nothing in particular is
     * @throws ShardUnavailableException when there is none now
     * @throws SQLException when it cannot be connected to, or is no primary
     */
    public CheckedConnection primary(Topology topology, ShardServers shard, long leastTerm) throws SQLException {
        @Nullable ServerAddress primary = shard.primary();
        if (primary == null) {
            throw new ShardUnavailableException(shard);
        }
        return primary(topology, shard, leastTerm, primary);
    }

    /** The same, for one that was told by name. */
    public CheckedConnection primary(Topology topology, ShardServers shard, long leastTerm, ServerAddress server)
            throws SQLException {
        return pool(topology, shard.shard(), server).primary(Math.max(shard.term(), leastTerm));
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
        DatabaseServer wanted = named(topology, shard, server);
        if (!goneSince.isEmpty()) {
            // Somebody knows more than the topology: it is in use.
            goneSince.remove(wanted);
        }
        @Nullable ServerPool known = pools.get(wanted);
        return known == null ? opened(wanted) : known;
    }

    private ServerPool opened(DatabaseServer wanted) {
        ServerPool pool = pools.computeIfAbsent(wanted, this::open);
        if (closed && pools.remove(wanted, pool)) {
            pool.close();
        }
        return pool;
    }

    private static DatabaseServer named(Topology topology, String shard, ServerAddress server) {
        return new DatabaseServer(shard, server.instance(), server.host(), server.port(), topology.database());
    }

    private ServerPool open(DatabaseServer server) {
        return new ServerPool(server, sources.open(server));
    }

    /**
     * Closes the connections to servers that were neither told of nor used for a while. To be called every time that the router
     * tells of servers, also when that is nothing new: time in which it tells nothing says nothing of a server.
     */
    public void keep(Topology topology) {
        Set<DatabaseServer> listed = new HashSet<>();
        for (ShardServers shard : topology.shards().values()) {
            @Nullable ServerAddress primary = shard.primary();
            if (primary != null) {
                listed.add(named(topology, shard.shard(), primary));
            }
            shard.replicas().forEach(replica -> listed.add(named(topology, shard.shard(), replica.server())));
        }
        goneSince.keySet().removeAll(listed);
        long now = nanos.getAsLong();
        pools.forEach((server, pool) -> {
            if (listed.contains(server)) {
                return;
            }
            long since = goneSince.computeIfAbsent(server, gone -> now);
            if (now - since > KEPT.toNanos() && pools.remove(server, pool)) {
                goneSince.remove(server);
                pool.close();
            }
        });
    }

    @Override
    public void close() {
        closed = true;
        for (DatabaseServer server : List.copyOf(pools.keySet())) {
            @Nullable ServerPool pool = pools.remove(server);
            if (pool != null) {
                pool.close();
            }
        }
    }
}
