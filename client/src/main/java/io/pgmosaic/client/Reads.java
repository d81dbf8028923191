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
import io.pgmosaic.client.load.Outcomes;
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
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
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
    private final Outcomes outcomes;

    Reads(Servers servers, RouterLookups lookups, Tokens tokens, TopologyKeeper topologies, Outcomes outcomes) {
        this.servers = servers;
        this.lookups = lookups;
        this.tokens = tokens;
        this.topologies = topologies;
        this.outcomes = outcomes;
    }

    /**
     * What is to be read.
     *
     * @param priority 1 to 10
     * @param owner is not asked where the router decides on the server: it finds the shard by itself
     */
    record Request(TableKey key, ReadGuarantee guarantee, int priority, Owner.Finder owner) {}

    /** @param lookedUp whether the router was asked for it */
    private record Opened(CheckedConnection connection, boolean lookedUp) {}

    <T extends @Nullable Object> T once(Topology topology, Request request, SqlWork<T> work) throws SQLException {
        Opened opened = opened(topology, request, true);
        CheckedConnection connection = opened.connection();
        Outcomes.Sender sender = new Outcomes.Sender(
                connection.server().shard(),
                connection.server().instance(),
                false,
                opened.lookedUp(),
                request.priority());
        try {
            T result = timed(sender, connection, work);
            if (request.guarantee() instanceof Contextual contextual) {
                remember(connection, contextual);
            }
            return result;
        } finally {
            giveBack(connection);
        }
    }

    /** Not by the statement, as in transactions: that would cost as much as everything else here. */
    <T extends @Nullable Object> T timed(Outcomes.Sender sender, CheckedConnection connection, SqlWork<T> work)
            throws SQLException {
        long began = System.nanoTime();
        try {
            T result = work.run(connection.connection());
            outcomes.ended(sender, began, null);
            return result;
        } catch (SQLException | RuntimeException e) {
            outcomes.ended(sender, began, e);
            throw e;
        }
    }

    /** A connection of which nobody is told what becomes of it, so that none is refused either. */
    CheckedConnection open(Topology topology, Request request) throws SQLException {
        return opened(topology, request, false).connection();
    }

    private Opened opened(Topology topology, Request request, boolean counted) throws SQLException {
        if (request.guarantee() instanceof Bounded bounded) {
            Map<String, Object> wishes = new LinkedHashMap<>();
            wishes.put("consistency", "bounded");
            wishes.put("maxLagMs", bounded.maxLag().toMillis());
            return chosen(topology, request, wishes, bounded.otherwise(), null);
        }
        if (request.guarantee() instanceof Contextual contextual
                && contextual.context().hasForeign()) {
            // Has to be found out before, since that it is in doubt cannot be in it.
            String token = tokens.of(contextual.context());
            Map<String, Object> wishes = new LinkedHashMap<>();
            wishes.put("consistency", contextual.consistency());
            return chosen(topology, request, wishes, contextual.otherwise(), token);
        }
        Owner owner = request.owner().find();
        if (counted && !owner.lookedUp()) {
            outcomes.admit(owner.shard(), false, request.priority());
        }
        ShardServers shard = topology.shard(owner.shard());
        CheckedConnection connection =
                switch (request.guarantee()) {
                    case Eventual eventual -> near(topology, shard, null, eventual.otherwise());
                    case Contextual contextual -> contextual(topology, shard, contextual);
                    case Strong strong -> servers.primary(topology, shard, 0);
                    case Bounded bounded -> servers.primary(topology, shard, 0);
                };
        return new Opened(connection, owner.lookedUp());
    }

    private Opened chosen(
            Topology topology,
            Request request,
            Map<String, Object> wishes,
            WhenNoReplica otherwise,
            @Nullable String token)
            throws SQLException {
        wishes.put("priority", request.priority());
        if (otherwise == WhenNoReplica.WAIT) {
            wishes.put("otherwise", "wait");
        }
        return new Opened(chosen(topology, lookups.reader(request.key(), wishes, token)), true);
    }

    private CheckedConnection contextual(Topology topology, ShardServers shard, Contextual contextual)
            throws SQLException {
        CausalContext context = contextual.context();
        if (context.isInDoubt(shard.shard())) {
            if (contextual.otherwise() == WhenNoReplica.PRIMARY) {
                return servers.primary(topology, shard, context.leastTerm(shard.shard()));
            }
            tokens.findOut(topology, shard, context);
        }
        return near(topology, shard, context.position(shard.shard()), contextual.otherwise());
    }

    /** A replica that lags little, else the primary. */
    CheckedConnection near(Topology topology, ShardServers shard) throws SQLException {
        return near(topology, shard, null, WhenNoReplica.PRIMARY);
    }

    /** A replica that has what is needed, else the primary if that may stand in. */
    private CheckedConnection near(
            Topology topology, ShardServers shard, @Nullable Position needed, WhenNoReplica otherwise)
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
        if (otherwise == WhenNoReplica.WAIT) {
            throw new SQLTransientConnectionException(
                    "no replica of shard " + shard.shard() + " gives what the read relies on", "08001");
        }
        return servers.primary(topology, shard, needed == null ? 0 : needed.term());
    }

    /**
     * Those that may have what is needed, in random order, but those of the own zone first. That the log which one replays is of the needed term has to have
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
        putInOrder(candidates, ThreadLocalRandom.current());
        return candidates.subList(0, Math.min(MOST_REPLICAS_TRIED, candidates.size()));
    }

    static void putInOrder(List<ReplicaServer> candidates, Random random) {
        Collections.shuffle(candidates, random);
        candidates.sort(Comparator.comparing(replica -> !replica.near()));
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
