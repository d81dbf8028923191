package io.pgmosaic.client;

import io.pgmosaic.client.ReadGuarantee.Bounded;
import io.pgmosaic.client.ReadGuarantee.Contextual;
import io.pgmosaic.client.ReadGuarantee.Eventual;
import io.pgmosaic.client.ReadGuarantee.Strong;
import io.pgmosaic.client.RouterLookups.Chosen;
import io.pgmosaic.client.connection.CheckedConnection;
import io.pgmosaic.client.connection.Failure;
import io.pgmosaic.client.connection.ServerFacts;
import io.pgmosaic.client.connection.Servers;
import io.pgmosaic.client.topology.Position;
import io.pgmosaic.client.topology.ReplicaServer;
import io.pgmosaic.client.topology.ShardServers;
import io.pgmosaic.client.topology.Topology;
import io.pgmosaic.client.topology.TopologyKeeper;
import org.jspecify.annotations.Nullable;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** Finds servers that give reads what they rely on, and reads from them. */
final class Reads {
    private static final System.Logger LOG = System.getLogger(Reads.class.getName());
    /** Each that does not do costs a question to it. */
    private static final int MOST_REPLICAS_TRIED = 2;

    private final Servers servers;
    private final RouterLookups lookups;
    private final Tokens tokens;
    private final TopologyKeeper topologies;

    Reads(Servers servers, RouterLookups lookups, Tokens tokens, TopologyKeeper topologies) {
        this.servers = servers;
        this.lookups = lookups;
        this.tokens = tokens;
        this.topologies = topologies;
    }

    /** Tells the shard of a key, perhaps by asking for it. */
    @FunctionalInterface
    interface Owner {
        String shard() throws SQLException;
    }

    <T extends @Nullable Object> T once(
            Topology topology, Owner owner, TableKey key, ReadGuarantee guarantee, SqlWork<T> work)
            throws SQLException {
        CheckedConnection connection = open(topology, owner, key, guarantee);
        try {
            T result = work.run(connection.connection());
            if (guarantee instanceof Contextual contextual) {
                remember(connection, contextual);
            }
            return result;
        } finally {
            giveBack(connection);
        }
    }

    /** @param owner is not asked where the router decides on the server: it finds the shard by itself */
    CheckedConnection open(Topology topology, Owner owner, TableKey key, ReadGuarantee guarantee) throws SQLException {
        return switch (guarantee) {
            case Strong strong -> servers.primary(topology, topology.shard(owner.shard()), 0);
            case Eventual eventual -> near(topology, topology.shard(owner.shard()));
            case Bounded bounded ->
                chosen(
                        topology,
                        lookups.reader(
                                key,
                                Map.of(
                                        "consistency",
                                        "bounded",
                                        "maxLagMs",
                                        bounded.maxLag().toMillis()),
                                null));
            case Contextual contextual -> contextual(topology, owner, key, contextual);
        };
    }

    private CheckedConnection contextual(Topology topology, Owner owner, TableKey key, Contextual contextual)
            throws SQLException {
        CausalContext context = contextual.context();
        ShardServers shard = topology.shard(owner.shard());
        if (context.isInDoubt(shard.shard())) {
            return servers.primary(topology, shard, context.leastTerm(shard.shard()));
        }
        if (context.hasForeign()) {
            String token = tokens.of(context);
            return chosen(topology, lookups.reader(key, Map.of("consistency", contextual.consistency()), token));
        }
        return near(topology, shard, context.position(shard.shard()));
    }

    /** A replica that lags little, else the primary. */
    CheckedConnection near(Topology topology, ShardServers shard) throws SQLException {
        return near(topology, shard, null);
    }

    /** A replica that has what is needed, else the primary. */
    private CheckedConnection near(Topology topology, ShardServers shard, @Nullable Position needed)
            throws SQLException {
        for (ReplicaServer replica : candidates(topology, shard, needed)) {
            try {
                Optional<CheckedConnection> found = servers.replica(topology, shard, replica.server(), needed);
                if (found.isPresent()) {
                    return found.get();
                }
            } catch (SQLException e) {
                if (Failure.of(e) != Failure.LOST) {
                    throw e;
                }
                LOG.log(System.Logger.Level.DEBUG, "another server is read from", e);
            }
        }
        return servers.primary(topology, shard, needed == null ? 0 : needed.term());
    }

    /**
     * Those that may have what is needed, in random order. That the log which one replays is of the needed term has to have
     * been told: a standby that has not found its new primary yet may have a longer log, with other writes in it.
     */
    private List<ReplicaServer> candidates(Topology topology, ShardServers shard, @Nullable Position needed) {
        long most = topology.rules().maxReplicaLagMillis();
        List<ReplicaServer> candidates = new ArrayList<>(shard.replicas().size());
        for (ReplicaServer replica : shard.replicas()) {
            Long lag = replica.lagMillis();
            if (lag != null
                    && lag <= most
                    && isOfTerm(replica.position(), needed)
                    && !servers.isAvoided(topology, shard, replica.server())) {
                candidates.add(replica);
            }
        }
        Collections.shuffle(candidates, ThreadLocalRandom.current());
        return candidates.subList(0, Math.min(MOST_REPLICAS_TRIED, candidates.size()));
    }

    private static boolean isOfTerm(@Nullable Position told, @Nullable Position needed) {
        return needed == null || (told != null && told.term() >= needed.term());
    }

    private CheckedConnection chosen(Topology topology, Chosen chosen) throws SQLException {
        ShardServers told = chosen.shard();
        long knownTerm = topology.shard(told.shard()).term();
        long knownVersion = topology.rules().version();
        if (told.term() > knownTerm || chosen.mapVersion() > knownVersion) {
            topologies.refreshSoon();
        }
        if (chosen.mapVersion() < knownVersion || told.term() < knownTerm) {
            // As one that was started with an old file: it may name a shard that has given the key away since.
            throw new SQLTransientConnectionException(
                    "the router knows less of the cluster than it told before", "08001");
        }
        if (chosen.primary()) {
            return servers.primary(topology, told, 0, chosen.server());
        }
        return servers.replica(topology, told, chosen.server(), chosen.position())
                .orElseThrow(() -> new SQLTransientConnectionException(
                        "replica " + chosen.server().instance() + " is not where it was when it was chosen", "08004"));
    }

    private static void remember(CheckedConnection connection, Contextual contextual) throws SQLException {
        CausalContext context = contextual.context();
        String shard = connection.server().shard();
        if (!contextual.remembersReads() && !context.isInDoubt(shard)) {
            return;
        }
        long doubts = context.doubtsSoFar();
        ServerFacts facts = ServerFacts.of(connection.connection());
        if (facts.standby()) {
            context.reached(shard, facts.position());
        } else {
            context.primaryWasAt(shard, facts.position(), doubts);
        }
    }

    private static void giveBack(CheckedConnection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            LOG.log(System.Logger.Level.DEBUG, "a connection cannot be given back", e);
        }
    }
}
