package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.pgmosaic.api.v1alpha1.common.ApiValue;
import io.pgmosaic.api.v1alpha1.common.DurationText;
import io.pgmosaic.api.v1alpha1.common.Patterns;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;

/** What routers may answer. Durations are a whole number and ms, s, m or h. */
@ApiValue
public record RoutingSpec(
        @JsonPropertyDescription("A replica further behind than this is not offered for reads; the primary is.")
        @Default("1s")
        @Pattern(Patterns.DURATION)
        @Size(max = Patterns.DURATION_LENGTH)
        String maxReplicaLag,

        @JsonPropertyDescription("For how long after a write a session's reads are kept off replicas that may lack it.")
        @Default("30s")
        @Pattern(Patterns.DURATION)
        @Size(max = Patterns.DURATION_LENGTH)
        String readYourWritesWindow,

        @JsonPropertyDescription(
                "Which of the replicas that meet a read's guarantee serves it: the least lagging one, or"
                        + " of two at random the one that the router has sent less to lately.")
        @Default("LeastLag")
        ReplicaChoice replicaChoice,

        @JsonPropertyDescription(
                "How often a key may be looked up at one router; further lookups are refused with 429. Of several that are for a key, the first one counts.")
        @Size(max = 32)
        List<RateLimitSpec> rateLimits,

        @JsonPropertyDescription(
                "Has routers refuse lookups of a shard that has too much to do, by priority, with 503. Without it none is refused. Goes by what clients report; without reports none is refused either.")
        @Nullable
        LoadSheddingSpec loadShedding) {

    public static final String DEFAULT_MAX_REPLICA_LAG = "1s";
    public static final String DEFAULT_READ_YOUR_WRITES_WINDOW = "30s";

    public RoutingSpec {
        maxReplicaLag = maxReplicaLag == null ? DEFAULT_MAX_REPLICA_LAG : maxReplicaLag;
        readYourWritesWindow = readYourWritesWindow == null ? DEFAULT_READ_YOUR_WRITES_WINDOW : readYourWritesWindow;
        replicaChoice = replicaChoice == null ? ReplicaChoice.LEAST_LAG : replicaChoice;
        rateLimits = rateLimits == null ? List.of() : List.copyOf(rateLimits);
    }

    public static RoutingSpec defaults() {
        return new RoutingSpec(
                DEFAULT_MAX_REPLICA_LAG, DEFAULT_READ_YOUR_WRITES_WINDOW, ReplicaChoice.LEAST_LAG, List.of(), null);
    }

    /** {@code maxReplicaLag} parsed; throws IllegalArgumentException when it is no duration. */
    public Duration maxReplicaLagDuration() {
        return DurationText.parse(maxReplicaLag);
    }

    /** {@code readYourWritesWindow} parsed; throws IllegalArgumentException when it is no duration. */
    public Duration readYourWritesDuration() {
        return DurationText.parse(readYourWritesWindow);
    }
}
