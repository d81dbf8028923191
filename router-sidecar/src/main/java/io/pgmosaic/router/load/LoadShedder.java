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
        if (policy != null) {
            gate.report(outcome, policy, unasked, now);
        }
    }

    /** Whether a lookup may be answered. */
    public boolean admits(String shard, int priority, LoadShedding policy, long now) {
        @Nullable ShardGate gate = gates.get(shard);
        return gate == null || gate.admits(priority, policy, now, ThreadLocalRandom.current());
    }

    /** The shards of which lookups are refused now. */
    public Map<String, Refusals> refusals() {
        Map<String, Refusals> refusals = new TreeMap<>();
        gates.forEach((shard, gate) -> {
            if (!gate.refusals().isNone()) {
                refusals.put(shard, gate.refusals());
            }
        });
        return refusals;
    }

    /** Which share of the shard's lookups is to be refused now; 0 for an unknown one. */
    public double share(String shard) {
        @Nullable ShardGate gate = gates.get(shard);
        return gate == null ? 0 : gate.share();
    }

    /** How many lookups of the shard were refused so far; 0 for an unknown one. */
    public double refused(String shard) {
        @Nullable ShardGate gate = gates.get(shard);
        return gate == null ? 0 : gate.refused().sum();
    }

    private ShardGate made(String shard, long now) {
        onShard.accept(shard, this);
        return new ShardGate(now);
    }
}
