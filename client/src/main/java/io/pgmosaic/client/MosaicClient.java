package io.pgmosaic.client;

import io.pgmosaic.client.connection.ServerDataSources;
import io.pgmosaic.client.connection.Servers;
import io.pgmosaic.client.scatter.MissingShards;
import io.pgmosaic.client.scatter.ScatterException;
import io.pgmosaic.client.scatter.ScatterGather;
import io.pgmosaic.client.scatter.ScatterRequest;
import io.pgmosaic.client.scatter.ScatterResult;
import io.pgmosaic.client.scatter.ShardWork;
import io.pgmosaic.client.topology.RouterConnection;
import io.pgmosaic.client.topology.ShardServers;
import io.pgmosaic.client.topology.TablePlacement;
import io.pgmosaic.client.topology.Topology;
import io.pgmosaic.client.topology.TopologyKeeper;
import io.pgmosaic.client.topology.UnknownTableException;
import io.pgmosaic.routing.key.InvalidKeyException;
import io.pgmosaic.routing.map.UnplacedKeyException;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Connections to a sharded cluster by key. Thread-safe; an application has one for each cluster.
 *
 * <p>All methods throw {@link InvalidKeyException} for what is no key of its table (a null, a missing part, a wrong type),
 * {@link UnplacedKeyException} for a key that no shard holds, and {@link UnknownTableException}: all of them
 * {@link IllegalArgumentException}s, before anything is sent.
 */
public final class MosaicClient implements AutoCloseable {
    private final RouterConnection router;
    private final TopologyKeeper topologies;
    private final Servers servers;
    private final RouterLookups lookups;
    private final Retries retries;
    private final Transactions transactions;
    private final Tokens tokens;
    private final Reads reads;

    private MosaicClient(ClientSettings settings, ServerDataSources sources) {
        this.servers = new Servers(sources);
        this.router = new RouterConnection(settings.router(), settings.routerTimeout());
        this.topologies = new TopologyKeeper(router, settings.refreshInterval(), servers::keep);
        this.lookups = new RouterLookups(router);
        this.retries = new Retries(topologies, settings.retryFor());
        this.transactions = new Transactions(servers);
        this.tokens = new Tokens(router, servers, retries);
        this.reads = new Reads(servers, lookups, tokens, topologies);
    }

    /** A client that has asked nobody yet. */
    public static MosaicClient create(ClientSettings settings, ServerDataSources sources) {
        return new MosaicClient(settings, sources);
    }

    /**
     * Does work in a transaction on the primary of the key's shard, and commits. The work is done again, from its beginning and
     * unseen, when the shard does not own the key, when the connection is lost before the commit was sent, and when the server
     * turns out to be no primary. Whatever else it throws is passed on, and its transaction is rolled back.
     *
     * @param work must not end the transaction itself
     * @throws UnknownOutcomeException when the answer to the commit did not come
     */
    public <T extends @Nullable Object> T inTransaction(TableKey key, SqlWork<T> work) throws SQLException {
        return inTransaction(key, null, work);
    }

    /**
     * The same, remembering what was written, for reads with the same context. This takes one statement more, after the commit.
     *
     * @param context null for none
     */
    public <T extends @Nullable Object> T inTransaction(TableKey key, @Nullable CausalContext context, SqlWork<T> work)
            throws SQLException {
        return retries.run(topology -> transactions.once(topology, owner(topology, key, "write", true), context, work));
    }

    /**
     * Reads from a server that gives what is asked for. Each statement is a transaction of its own. The work is done again when
     * the connection is lost, so it must not write: what it writes may be written twice.
     */
    public <T extends @Nullable Object> T read(TableKey key, ReadGuarantee guarantee, SqlWork<T> work)
            throws SQLException {
        return retries.run(
                topology -> reads.once(topology, () -> reader(topology, key, guarantee), key, guarantee, work));
    }

    /**
     * A connection in autocommit to the primary of the key's shard, for those who do their own transactions. On SQLSTATE MO001
     * and 25006, and when it is lost, close it, call {@link #refresh} and ask for another.
     */
    public Connection connection(TableKey key) throws SQLException {
        return retries.run(topology -> {
            String shard = owner(topology, key, "write", true);
            return servers.primary(topology, topology.shard(shard), 0).connection();
        });
    }

    /** A connection in autocommit for reads. What is read with it does not go into a context. */
    public Connection connection(TableKey key, ReadGuarantee guarantee) throws SQLException {
        return retries.run(topology -> reads.open(topology, () -> reader(topology, key, guarantee), key, guarantee)
                .connection());
    }

    /**
     * Does work on many shards at once, each with a connection of its own in autocommit. Each shard answers for itself: there is
     * no snapshot over shards, and what is written on one stays when another fails. A shard that fails by its servers or by a map
     * that is stale is asked once more at once; with {@link MissingShards#WAIT}, until the time is over. What still runs when the
     * time is over, or when the query has failed, is cancelled on the server, and its connection is closed.
     *
     * @throws ScatterException when a shard did not answer, unless the request allows that
     */
    public <T extends @Nullable Object> ScatterResult<T> onAllShards(ScatterRequest request, ShardWork<T> work)
            throws SQLException {
        List<String> names = retries.run(topology -> holders(topology, request.tables()), request.timeout());
        return ScatterGather.run(request, names, this::onShard, work);
    }

    private List<String> holders(Topology topology, List<String> tables) throws SQLException {
        Set<String> holders = new LinkedHashSet<>();
        for (String name : tables) {
            if (!(table(topology, name) instanceof TablePlacement.Computed computed)) {
                return List.copyOf(topology.shards().keySet());
            }
            holders.addAll(computed.map().shards());
        }
        return List.copyOf(tables.isEmpty() ? topology.shards().keySet() : holders);
    }

    private <T extends @Nullable Object> T onShard(
            String name, boolean fromReplica, Duration during, ScatterGather.OnConnection<T> work) throws SQLException {
        Retries.Attempt<T> attempt = topology -> {
            ShardServers shard = topology.shard(name);
            return work.run(
                    (fromReplica ? reads.near(topology, shard) : servers.primary(topology, shard, 0)).connection());
        };
        return during.isZero() ? retries.twice(attempt) : retries.run(attempt, during);
    }

    /** The shard that owns a key, as far as is known. */
    public String shardOf(TableKey key) throws SQLException {
        return retries.run(topology -> owner(topology, key, "write", false));
    }

    /**
     * A token of all that the context has, for the header {@code X-Causal-Token} of requests to other services. Asks the router,
     * but for what is in a token already.
     *
     * @throws IllegalArgumentException when a token that was put into the context is none, or too old; the message says which
     */
    public String token(CausalContext context) throws SQLException {
        return tokens.of(context);
    }

    /** Asks the router for what is new. What is known goes on to be used when it does not answer. */
    public void refresh() throws SQLException {
        try {
            topologies.refresh();
        } catch (IOException e) {
            throw new SQLTransientConnectionException(String.valueOf(e.getMessage()), "08001", e);
        }
    }

    /**
     * The shard of a key.
     *
     * @param surely whether what the router remembers of a directory will not do. A former shard refuses writes, and shows
     *     reads and updates that there is nothing
     */
    private String owner(Topology topology, TableKey key, String intent, boolean surely) throws SQLException {
        return switch (table(topology, key.table())) {
            case TablePlacement.Computed computed -> computed.ownerOf(key.values());
            case TablePlacement.Asked asked -> lookups.owner(key, intent, surely);
            case TablePlacement.Everywhere everywhere ->
                throw new IllegalArgumentException("every shard holds " + everywhere.name()
                        + ", and a write belongs on each of them: use onAllShards");
        };
    }

    private String reader(Topology topology, TableKey key, ReadGuarantee guarantee) throws SQLException {
        return table(topology, key.table()) instanceof TablePlacement.Everywhere
                ? holder(topology, guarantee)
                : owner(topology, key, "read", !(guarantee instanceof ReadGuarantee.Eventual));
    }

    /** Positions of two shards do not compare, so what goes by them always goes to the same one. */
    private static String holder(Topology topology, ReadGuarantee guarantee) throws SQLException {
        List<String> shards = topology.shards().keySet().stream().sorted().toList();
        if (shards.isEmpty()) {
            throw new SQLTransientConnectionException("the router tells of no shard", "08001");
        }
        return guarantee instanceof ReadGuarantee.Eventual
                ? shards.get(ThreadLocalRandom.current().nextInt(shards.size()))
                : shards.getFirst();
    }

    /** A table that is not known may have been added since. */
    private TablePlacement table(Topology topology, String name) throws SQLException {
        try {
            return topology.table(name);
        } catch (UnknownTableException e) {
            refresh();
            try {
                return topologies.current().table(name);
            } catch (IOException lost) {
                e.addSuppressed(lost);
                throw e;
            }
        }
    }

    /** Ends what runs in the background and closes the data sources. */
    @Override
    public void close() {
        topologies.close();
        router.close();
        servers.close();
    }
}
