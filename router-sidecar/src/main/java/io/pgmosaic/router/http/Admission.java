package io.pgmosaic.router.http;

import io.pgmosaic.protocol.topology.LoadShedding;
import io.pgmosaic.protocol.topology.RoutingPolicy;
import io.pgmosaic.router.hotkeys.HotKeys;
import io.pgmosaic.router.limits.KeyLimits;
import io.pgmosaic.router.load.LoadShedder;
import io.pgmosaic.router.lookup.Intent;
import io.pgmosaic.router.lookup.Outcome;
import io.pgmosaic.router.lookup.RoutingTable;
import io.pgmosaic.router.lookup.ShardAnswers;
import io.pgmosaic.router.lookup.TableRoute;
import io.pgmosaic.routing.key.Key;
import org.jspecify.annotations.Nullable;

import java.util.function.LongSupplier;

/** What every lookup passes once, when it is known what it asks for and before it is answered or waits. */
final class Admission {
    private final HotKeys hotKeys;
    private final KeyLimits limits;
    private final LoadShedder shedder;
    private final LongSupplier nanos;
    private volatile @Nullable RoutingTable declaredBy;

    /** @param nanos as {@link System#nanoTime} */
    Admission(HotKeys hotKeys, KeyLimits limits, LoadShedder shedder, LongSupplier nanos) {
        this.hotKeys = hotKeys;
        this.limits = limits;
        this.shedder = shedder;
        this.nanos = nanos;
    }

    /**
     * Counts the key, against its limit too where it has one.
     *
     * @throws ProblemException when it was looked up too often, or its shard has too much to do
     */
    void admit(RoutingTable table, TableRoute.Sharded route, Key key, ShardAnswers shard, Intent intent, int priority)
            throws ProblemException {
        long now = nanos.getAsLong();
        double lately = hotKeys.add(route.name(), key, now);
        RoutingPolicy policy = table.topology().routing();
        if (table != declaredBy) {
            limits.declare(policy.rateLimits());
            declaredBy = table;
        }
        if (!policy.rateLimits().isEmpty()) {
            KeyLimits.@Nullable Excess excess = limits.take(route.name(), route.key(), key, lately, now);
            if (excess != null) {
                route.counters().of(intent, Outcome.REFUSED).increment();
                throw new ProblemException(OverloadProblem.rateLimited(route.name(), excess));
            }
        }
        shed(policy.loadShedding(), route, shard, intent, priority, now);
    }

    /** @throws ProblemException when the shard has too much to do */
    void admit(RoutingTable table, TableRoute.Reference route, ShardAnswers shard, Intent intent, int priority)
            throws ProblemException {
        shed(table.topology().routing().loadShedding(), route, shard, intent, priority, nanos.getAsLong());
    }

    private void shed(
            @Nullable LoadShedding policy, TableRoute route, ShardAnswers shard, Intent intent, int priority, long now)
            throws ProblemException {
        if (policy != null && !shedder.admits(shard.topology().shard(), priority, policy, now)) {
            route.counters().of(intent, Outcome.REFUSED).increment();
            throw new ProblemException(OverloadProblem.overloaded(
                    shard.topology().shard(), shard.topology().term(), priority));
        }
    }
}
