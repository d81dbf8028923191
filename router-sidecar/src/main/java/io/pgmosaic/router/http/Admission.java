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

/**
 * What every lookup passes once: with its key before anybody is asked where that is, so that a key that is looked up too often costs no
 * database anything; with its shard before it is answered or waits.
 */
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
     * @throws ProblemException when it was looked up too often
     */
    void admitKey(RoutingTable table, TableRoute.Sharded route, Key key, Intent intent) throws ProblemException {
        long now = nanos.getAsLong();
        double lately = hotKeys.add(route.name(), key, now);
        RoutingPolicy policy = table.topology().routing();
        if (table != declaredBy) {
            limits.declare(policy.rateLimits(), now);
            declaredBy = table;
        }
        if (!policy.rateLimits().isEmpty()) {
            KeyLimits.@Nullable Excess excess = limits.take(route.name(), route.key(), key, lately, now);
            if (excess != null) {
                route.counters().of(intent, Outcome.REFUSED).increment();
                throw new ProblemException(OverloadProblem.rateLimited(route.name(), excess));
            }
        }
    }

    /** @throws ProblemException when the shard has too much to do */
    void admitShard(RoutingTable table, TableRoute route, ShardAnswers shard, Intent intent, int priority)
            throws ProblemException {
        @Nullable LoadShedding policy = table.topology().routing().loadShedding();
        if (policy != null && !shedder.admits(shard.topology().shard(), priority, policy, nanos.getAsLong())) {
            route.counters().of(intent, Outcome.REFUSED).increment();
            throw new ProblemException(OverloadProblem.overloaded(
                    shard.topology().shard(), shard.topology().term(), priority));
        }
    }
}
