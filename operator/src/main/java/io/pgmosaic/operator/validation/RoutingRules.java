package io.pgmosaic.operator.validation;

import io.pgmosaic.api.v1alpha1.cluster.LimitedKey;
import io.pgmosaic.api.v1alpha1.cluster.LoadSheddingSpec;
import io.pgmosaic.api.v1alpha1.cluster.RateLimitAlgorithm;
import io.pgmosaic.api.v1alpha1.cluster.RateLimitSpec;
import io.pgmosaic.api.v1alpha1.cluster.RoutingSpec;
import io.pgmosaic.api.v1alpha1.cluster.ShardingSpec;
import io.pgmosaic.api.v1alpha1.cluster.TableName;
import io.pgmosaic.api.v1alpha1.cluster.TableSpec;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/** What routers may answer, and how often. */
final class RoutingRules {
    private static final String LIMITS = "spec.routing.rateLimits";
    private static final String SHEDDING = "spec.routing.loadShedding";
    private static final int MOST_LIMITS = 32;
    private static final int MOST_KEYS = 100;
    private static final int MOST_LOOKUPS = 1_000_000;
    private static final Duration SHORTEST_WINDOW = Duration.ofSeconds(1);
    private static final Duration LONGEST_WINDOW = Duration.ofHours(1);

    private RoutingRules() {}

    static void check(RoutingSpec routing, ShardingSpec sharding, Problems problems) {
        problems.duration("spec.routing.maxReplicaLag", routing.maxReplicaLag());
        problems.duration("spec.routing.readYourWritesWindow", routing.readYourWritesWindow());
        problems.size(LIMITS, routing.rateLimits().size(), MOST_LIMITS);
        routing.rateLimits().forEach(limit -> limit(limit, sharding, problems));
        if (routing.loadShedding() != null) {
            shedding(routing.loadShedding(), problems);
        }
    }

    private static void limit(RateLimitSpec limit, ShardingSpec sharding, Problems problems) {
        problems.range(LIMITS + ".limit", limit.limit(), 1, MOST_LOOKUPS);
        problems.duration(LIMITS + ".window", limit.window())
                .filter(window -> window.compareTo(SHORTEST_WINDOW) < 0 || window.compareTo(LONGEST_WINDOW) > 0)
                .ifPresent(window -> problems.add(
                        LIMITS + ".window", Problem.Kind.OUT_OF_RANGE, "write at least 1s and at most 1h"));
        if (limit.burst() != null) {
            problems.range(LIMITS + ".burst", limit.burst(), 1, MOST_LOOKUPS);
            problems.require(
                    limit.algorithm() == RateLimitAlgorithm.TOKEN_BUCKET,
                    LIMITS + ".burst",
                    Problem.Kind.CONTRADICTION,
                    "SlidingWindow has none: remove it, or write algorithm TokenBucket");
        }
        problems.size(LIMITS + ".keys", limit.keys().size(), MOST_KEYS);
        TableName name = limit.table();
        if (name == null) {
            problems.require(
                    limit.keys().isEmpty(),
                    LIMITS + ".keys",
                    Problem.Kind.CONTRADICTION,
                    "say of which table they are: write table, or remove keys");
            return;
        }
        @Nullable
        TableSpec table = tables(sharding)
                .filter(candidate -> candidate.schema().equals(name.schema())
                        && candidate.name().equals(name.name()))
                .findFirst()
                .orElse(null);
        if (table == null) {
            problems.add(
                    LIMITS + ".table",
                    Problem.Kind.CONTRADICTION,
                    Shown.of(name.qualifiedName())
                            + " is not sharded: write one of spec.sharding.tables, or of the tables of a group");
            return;
        }
        for (LimitedKey key : limit.keys()) {
            problems.require(
                    OverrideRules.fits(key.key(), table),
                    LIMITS + ".keys.key",
                    Problem.Kind.MALFORMED,
                    "the key " + Shown.of(String.join(", ", key.key())) + " cannot be one of " + name.qualifiedName()
                            + ": write one value for each key column, in order, of the column's type");
        }
    }

    private static Stream<TableSpec> tables(ShardingSpec sharding) {
        return Stream.concat(
                sharding.tables().stream(), sharding.groups().stream().flatMap(group -> group.tables().stream()));
    }

    private static void shedding(LoadSheddingSpec shedding, Problems problems) {
        Optional<Duration> target = problems.duration(SHEDDING + ".targetLatency", shedding.targetLatency());
        Optional<Duration> most = problems.duration(SHEDDING + ".maxLatency", shedding.maxLatency());
        target.filter(Duration::isZero)
                .ifPresent(time ->
                        problems.add(SHEDDING + ".targetLatency", Problem.Kind.OUT_OF_RANGE, "write at least 1ms"));
        if (target.isPresent() && most.isPresent() && most.get().compareTo(target.get()) <= 0) {
            problems.add(
                    SHEDDING + ".maxLatency",
                    Problem.Kind.CONTRADICTION,
                    "must be longer than targetLatency: write two to five times as much");
        }
    }
}
