package io.pgmosaic.operator.cluster;

import io.pgmosaic.api.v1alpha1.cluster.ShardState;
import io.pgmosaic.operator.ClusterKey;
import io.pgmosaic.operator.observe.TermConfirmations;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * Confirms to primaries the terms that this operator acts on. A confirmation lengthens a lease from when its token was given
 * out, so it is given only if it was true after that: this operator was proven to lead since it has the token, and has not
 * itself recorded a later term, which it says here before it stores one. What it acted on in an earlier time of leading counts
 * no more: somebody else may have recorded a later term in between.
 */
public final class RecordedTerms implements TermConfirmations {
    /** A reconciler that has not come by for so long is stuck, and says nothing about now. */
    private static final Duration STALE = Duration.ofSeconds(15);

    private record Acting(Map<String, Long> terms, Instant at, long reign) {}

    private final Predicate<Instant> ledSince;
    private final LongSupplier reign;
    private final Clock clock;
    private final Map<ClusterKey, Acting> clusters = new ConcurrentHashMap<>();

    /**
     * @param ledSince whether it is proven that this operator led at some moment after the given one
     * @param reign counts the times that this operator began to lead
     * @param clock that tokens and proofs are dated by
     */
    public RecordedTerms(Predicate<Instant> ledSince, LongSupplier reign, Clock clock) {
        this.ledSince = ledSince;
        this.reign = reign;
        this.clock = clock;
    }

    /** These are the shards as they are recorded now; the primary of a shard with an open election is confirmed no more. */
    void act(ClusterKey cluster, List<ShardState> shards) {
        Map<String, Long> terms = new HashMap<>();
        for (ShardState shard : shards) {
            if (shard.primary() != null && shard.election() == null) {
                terms.put(shard.primary(), shard.term());
            }
        }
        clusters.put(cluster, new Acting(Map.copyOf(terms), clock.instant(), reign.getAsLong()));
    }

    /** Confirms nothing of the cluster until it is told of it again. */
    void hold(ClusterKey cluster) {
        clusters.remove(cluster);
    }

    @Override
    public OptionalLong confirmed(ClusterKey cluster, String instance, Instant tokenReceivedAt) {
        Acting acting = clusters.get(cluster);
        Long term = acting == null || !isCurrent(acting) ? null : acting.terms().get(instance);
        return term != null && ledSince.test(tokenReceivedAt) ? OptionalLong.of(term) : OptionalLong.empty();
    }

    private boolean isCurrent(Acting acting) {
        return acting.reign() == reign.getAsLong()
                && !clock.instant().isAfter(acting.at().plus(STALE));
    }
}
