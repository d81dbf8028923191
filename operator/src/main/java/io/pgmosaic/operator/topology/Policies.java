package io.pgmosaic.operator.topology;

import io.pgmosaic.api.v1alpha1.cluster.LimitedKey;
import io.pgmosaic.api.v1alpha1.cluster.LoadSheddingSpec;
import io.pgmosaic.api.v1alpha1.cluster.RateLimitSpec;
import io.pgmosaic.api.v1alpha1.cluster.RoutingSpec;
import io.pgmosaic.protocol.topology.LoadShedding;
import io.pgmosaic.protocol.topology.RateLimit;
import io.pgmosaic.protocol.topology.RoutingPolicy;
import org.jspecify.annotations.Nullable;

/** What a spec says of lookups, in the form in which it is sent. */
final class Policies {
    private Policies() {}

    static RoutingPolicy of(RoutingSpec routing) {
        return new RoutingPolicy(
                routing.maxReplicaLagDuration().toMillis(),
                routing.readYourWritesDuration().toMillis(),
                WireForms.choice(routing.replicaChoice()),
                routing.rateLimits().stream().map(Policies::limit).toList(),
                shedding(routing.loadShedding()));
    }

    private static RateLimit limit(RateLimitSpec limit) {
        return new RateLimit(
                limit.table() == null ? null : limit.table().qualifiedName(),
                limit.keys().stream().map(LimitedKey::key).toList(),
                switch (limit.algorithm()) {
                    case TOKEN_BUCKET -> RateLimit.Algorithm.TOKEN_BUCKET;
                    case SLIDING_WINDOW -> RateLimit.Algorithm.SLIDING_WINDOW;
                },
                limit.limit(),
                limit.windowDuration().toMillis(),
                limit.burst() == null ? limit.limit() : limit.burst());
    }

    private static @Nullable LoadShedding shedding(@Nullable LoadSheddingSpec shedding) {
        return shedding == null
                ? null
                : new LoadShedding(
                        shedding.targetDuration().toMillis(),
                        shedding.maxDuration().toMillis());
    }
}
