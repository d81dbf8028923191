package io.pgmosaic.router.http;

import io.pgmosaic.protocol.instance.LogPosition;
import io.pgmosaic.protocol.topology.RoutingPolicy;
import io.pgmosaic.router.consistency.CausalToken;
import io.pgmosaic.router.consistency.Consistency;
import io.pgmosaic.router.consistency.ReadChoice;
import io.pgmosaic.router.consistency.ReadDemand;
import io.pgmosaic.router.consistency.Reason;
import io.pgmosaic.router.consistency.Sessions;
import io.pgmosaic.router.lookup.Answer;
import io.pgmosaic.router.lookup.ChosenServer;
import io.pgmosaic.router.lookup.RoutingTable;
import io.pgmosaic.router.lookup.ShardAnswers;
import io.pgmosaic.router.metrics.GuaranteeMetrics;
import io.pgmosaic.router.topology.TopologyView;
import org.jspecify.annotations.Nullable;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Answers reads that ask for a guarantee, and remembers what sessions were told. */
final class GuaranteedReads {
    private final TopologyView view;
    private final Sessions sessions;
    private final GuaranteeMetrics metrics;
    private final LongSupplier nanos;

    /** @param nanos as {@link System#nanoTime} */
    GuaranteedReads(TopologyView view, Sessions sessions, GuaranteeMetrics metrics, LongSupplier nanos) {
        this.view = view;
        this.sessions = sessions;
        this.metrics = metrics;
        this.nanos = nanos;
    }

    /**
     * The answer as of now; nothing is counted or remembered yet.
     *
     * @param token null when the guarantee is not by token
     */
    Answer answer(RoutingTable table, ShardAnswers shard, ReadGuarantee guarantee, @Nullable CausalToken token) {
        Consistency consistency = guarantee.consistency();
        if (consistency == Consistency.STRONG) {
            return shard.guaranteed().primary(consistency, null);
        }
        RoutingPolicy policy = table.topology().routing();
        long now = nanos.getAsLong();
        long term = shard.topology().term();
        ReadDemand demand = demand(table, shard, guarantee, token, now);
        ReadChoice.Choice choice = ReadChoice.choose(
                shard.guaranteed().replicas(),
                term,
                policy.replicaChoice(),
                demand,
                view.toldMillisAgo(now),
                now,
                ThreadLocalRandom.current());
        Reason reason = choice.reason();
        if (reason == null) {
            LogPosition position = demand.position();
            return position == null
                            || shard.guaranteed()
                                    .replicas()
                                    .get(choice.replica())
                                    .has(position)
                    ? shard.guaranteed().replica(choice.replica(), consistency)
                    : shard.guaranteed().replica(choice.replica(), consistency, position);
        }
        return guarantee.waits() || reason == Reason.TERM_AHEAD
                ? new Answer.Unmet(shard.topology().shard(), term, consistency, reason.text())
                : shard.guaranteed().primary(consistency, reason);
    }

    private ReadDemand demand(
            RoutingTable table, ShardAnswers shard, ReadGuarantee guarantee, @Nullable CausalToken token, long now) {
        return switch (guarantee.consistency()) {
            case EVENTUAL, STRONG -> ReadDemand.NOTHING;
            case BOUNDED -> ReadDemand.bounded(guarantee.maxLagMillis());
            case READ_YOUR_WRITES, MONOTONIC, CAUSAL -> {
                String name = shard.topology().shard();
                if (guarantee.session() == null) {
                    yield ReadDemand.holding(token == null ? null : token.position(name));
                }
                sessions.use(table.topology().clusterUid(), now);
                yield sessions.demand(
                        guarantee.consistency(),
                        guarantee.session(),
                        name,
                        shard.topology().term(),
                        window(table),
                        now);
            }
        };
    }

    /** Counts and remembers what a client is told now. */
    void told(RoutingTable table, ShardAnswers shard, ReadGuarantee guarantee, Answer answer) {
        Consistency consistency = guarantee.consistency();
        if (!(answer instanceof Answer.Served served)) {
            metrics.count(consistency, GuaranteeMetrics.Server.NONE);
            return;
        }
        boolean replica = served.server().role() == ChosenServer.Role.REPLICA;
        metrics.count(consistency, replica ? GuaranteeMetrics.Server.REPLICA : GuaranteeMetrics.Server.PRIMARY);
        long now = nanos.getAsLong();
        String instance = served.server().instance();
        if (replica) {
            shard.guaranteed().loadOf(instance).add(now);
        }
        boolean reads = consistency == Consistency.MONOTONIC || consistency == Consistency.CAUSAL;
        if (guarantee.session() != null && reads) {
            sessions.use(table.topology().clusterUid(), now);
            sessions.reads(
                    guarantee.session(),
                    served.shard(),
                    replica ? instance : null,
                    shard.topology().term(),
                    window(table),
                    now);
        }
    }

    /** Remembers that a session was told where to write. */
    void writes(RoutingTable table, String session, Answer answer) {
        if (answer instanceof Answer.Served served) {
            long now = nanos.getAsLong();
            sessions.use(table.topology().clusterUid(), now);
            sessions.writes(session, served.shard(), window(table), now);
        }
    }

    /** In nanoseconds. */
    static long window(RoutingTable table) {
        return TimeUnit.MILLISECONDS.toNanos(table.topology().routing().readYourWritesWindowMillis());
    }
}
