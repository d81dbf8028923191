package io.pgmosaic.router.load;

import io.pgmosaic.protocol.topology.LoadShedding;
import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiConsumer;

/** Refuses lookups of shards that have too much to do. A shard of which nobody reports is not refused. Thread-safe. */
public final class LoadShedder {
    private final Map<String, ShardGate> gates = new ConcurrentHashMap<>();
    private final BiConsumer<String, LoadShedder> onShard;

    /** @param onShard told of each shard once, when it is reported first */
    public LoadShedder(BiConsumer<String, LoadShedder> onShard) {
        this.onShard = onShard;
    }

    /**
     * @param outcome of a shard of the topology; every name takes memory for good
     * @param policy null where nothing is to be refused
     * @param unasked whether no lookup was made for these statements
     * @param now by {@link System#nanoTime}
     */
    public void report(StatementOutcome outcome, @Nullable LoadShedding policy, boolean unasked, long now) {
        ShardGate gate = gates.computeIfAbsent(outcome.shard(), shard -> made(shard, now));
        if (policy == null) {
            gate.end(now);
        } else {
            gate.report(outcome, policy, unasked, now);
        }
    }

    /** Whether a lookup may be answered. */
    public boolean admits(String shard, int priority, LoadShedding policy, long now) {
        @Nullable ShardGate gate = gates.get(shard);
        return gate == null || gate.admits(priority, policy, now, ThreadLocalRandom.current());
    }

    /**
     * The shards of which lookups are refused now.
     *
     * @param now by {@link System#nanoTime}
     */
    public Map<String, Refusals> refusals(long now) {
        Map<String, Refusals> refusals = new TreeMap<>();
        gates.forEach((shard, gate) -> {
            Refusals ofShard = gate.refusals(now);
            if (!ofShard.isNone()) {
                refusals.put(shard, ofShard);
            }
        });
        return refusals;
    }

    /**
     * Which share of the shard's lookups is to be refused now; 0 for an unknown one.
     *
     * @param now by {@link System#nanoTime}
     */
    public double share(String shard, long now) {
        @Nullable ShardGate gate = gates.get(shard);
        return gate == null ? 0 : gate.share(now);
    }

    /** How many lookups of the shard were refused so far, by clients for themselves too; 0 for an unknown one. */
    public double refused(String shard) {
        @Nullable ShardGate gate = gates.get(shard);
        return gate == null ? 0 : gate.refused().sum();
    }

    private ShardGate made(String shard, long now) {
        onShard.accept(shard, this);
        return new ShardGate(now);
    }
}
