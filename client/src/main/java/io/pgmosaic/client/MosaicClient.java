package io.pgmosaic.client;

import io.pgmosaic.client.connection.CheckedConnection;
import io.pgmosaic.client.connection.ServerDataSources;
import io.pgmosaic.client.connection.Servers;
import io.pgmosaic.client.load.Outcomes;
import io.pgmosaic.client.load.ShardOverloadedException;
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
import io.pgmosaic.routing.guard.DirectoryKey;
import io.pgmosaic.routing.key.InvalidKeyException;
import io.pgmosaic.routing.map.RowSchema;
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
    private static final Duration REPORT_INTERVAL = Duration.ofSeconds(1);
    private static final int LOWEST_PRIORITY = 1;
    private static final int HIGHEST_PRIORITY = 10;

    private final RouterConnection router;
    private final TopologyKeeper topologies;
    private final Servers servers;
    private final RouterLookups lookups;
    private final Retries retries;
    private final Transactions transactions;
    private final Tokens tokens;
    private final Reads reads;
    private final Outcomes outcomes;
    private final SchemaKeeper schemas;
    private final int priority;
    private final boolean whole;

    private MosaicClient(ClientSettings settings, ServerDataSources sources) {
        this.servers = new Servers(sources);
        this.router = new RouterConnection(settings.router(), settings.routerTimeout());
        this.topologies = new TopologyKeeper(router, settings.refreshInterval(), servers::keep);
        this.lookups = new RouterLookups(router);
        this.retries = new Retries(topologies, settings.retryFor());
        this.outcomes = new Outcomes(router, REPORT_INTERVAL);
        this.schemas = new SchemaKeeper(router, settings.refreshInterval(), System::nanoTime);
        this.transactions = new Transactions(servers, outcomes);
        this.tokens = new Tokens(router, servers, retries);
        this.reads = new Reads(servers, lookups, tokens, topologies, outcomes);
        this.priority = Outcomes.DEFAULT_PRIORITY;
        this.whole = true;
    }

    private MosaicClient(MosaicClient other, int priority) {
        this.servers = other.servers;
        this.router = other.router;
        this.topologies = other.topologies;
        this.lookups = other.lookups;
        this.retries = other.retries;
        this.outcomes = other.outcomes;
        this.schemas = other.schemas;
        this.transactions = other.transactions;
        this.tokens = other.tokens;
        this.reads = other.reads;
        this.priority = priority;
        this.whole = false;
    }

    /**
     * This client for requests that matter more or less than others. Those of the lowest priorities are the first that are refused
     * when a shard has too much to do, with a {@link ShardOverloadedException}. Closing it does nothing: it ends with this one.
     *
     * @param other from 1 to 10, which matters most; 5 without a word
     */
    public MosaicClient withPriority(int other) {
        if (other < LOWEST_PRIORITY || other > HIGHEST_PRIORITY) {
            throw new IllegalArgumentException("a priority is 1 to 10, not " + other);
        }
        return new MosaicClient(this, other);
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
        return retries.run(
                topology -> transactions.once(topology, owner(topology, key, "write", true), priority, context, work));
    }

    /**
     * Reads from a server that gives what is asked for. Each statement is a transaction of its own. The work is done again when
     * the connection is lost, so it must not write: what it writes may be written twice.
     */
    public <T extends @Nullable Object> T read(TableKey key, ReadGuarantee guarantee, SqlWork<T> work)
            throws SQLException {
        return retries.run(topology -> reads.once(topology, request(topology, key, guarantee), work));
    }

    /**
     * A connection in autocommit to the primary of the key's shard, for those who do their own transactions. On SQLSTATE MO001
     * and 25006, and when it is lost, close it, call {@link #refresh} and ask for another.
     */
    public Connection connection(TableKey key) throws SQLException {
        return retries.run(topology -> {
            String shard = owner(topology, key, "write", true).shard();
            return servers.primary(topology, topology.shard(shard), 0).connection();
        });
    }

    /** A connection in autocommit for reads. What is read with it does not go into a context. */
    public Connection connection(TableKey key, ReadGuarantee guarantee) throws SQLException {
        return retries.run(topology ->
                reads.open(topology, request(topology, key, guarantee)).connection());
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
        outcomes.scattered(names.size());
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
            outcomes.admit(name, false, priority);
            ShardServers shard = topology.shard(name);
            CheckedConnection connection =
                    fromReplica ? reads.near(topology, shard) : servers.primary(topology, shard, 0);
            return reads.timed(
                    new Outcomes.Sender(name, connection.server().instance(), false, false, priority),
                    connection,
                    work::run);
        };
        return during.isZero() ? retries.twice(attempt) : retries.run(attempt, during);
    }

    /** The shard that owns a key, as far as is known. */
    public String shardOf(TableKey key) throws SQLException {
        return retries.run(topology -> owner(topology, key, "write", false).shard());
    }

    /** A lookup index, by the name that the {@code ShardedCluster} gives it. Asks nobody. */
    public LookupIndex index(String name) {
        return new LookupIndex(name, this, lookups);
    }

    /** How far migrations of a table are. Never throws for a router that does not answer: then nothing is there. */
    public TableSchema schema(String table) {
        return new TableSchema(schemas, table, null);
    }

    /** The shard that owns a key, whatever is remembered. */
    String shardNow(TableKey key) throws SQLException {
        return retries.run(topology -> owner(topology, key, "write", true).shard());
    }

    /** A key as entries of lookup indexes have it. */
    String directoryKey(TableKey key) throws SQLException {
        RowSchema schema = retries.run(topology -> switch (table(topology, key.table())) {
            case TablePlacement.Computed computed -> computed.schema();
            case TablePlacement.Asked asked when asked.schema() != null -> asked.schema();
            case TablePlacement placement ->
                throw new IllegalArgumentException("rows of " + placement.name() + " have no lookup index");
        });
        return DirectoryKey.text(schema.parse(key.values()).key());
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
    private Owner owner(Topology topology, TableKey key, String intent, boolean surely) throws SQLException {
        return switch (table(topology, key.table())) {
            case TablePlacement.Computed computed -> new Owner(computed.ownerOf(key.values()), false);
            case TablePlacement.Asked asked -> new Owner(lookups.owner(key, intent, priority, surely), true);
            case TablePlacement.Everywhere everywhere ->
                throw new IllegalArgumentException("every shard holds " + everywhere.name()
                        + ", and a write belongs on each of them: use onAllShards");
        };
    }

    private Reads.Request request(Topology topology, TableKey key, ReadGuarantee guarantee) {
        return new Reads.Request(key, guarantee, priority, () -> reader(topology, key, guarantee));
    }

    private Owner reader(Topology topology, TableKey key, ReadGuarantee guarantee) throws SQLException {
        return table(topology, key.table()) instanceof TablePlacement.Everywhere
                ? new Owner(holder(topology, guarantee), false)
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
        if (!whole) {
            return;
        }
        outcomes.close();
        topologies.close();
        router.close();
        servers.close();
    }
}
