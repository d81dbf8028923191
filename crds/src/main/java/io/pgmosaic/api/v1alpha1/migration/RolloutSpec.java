package io.pgmosaic.api.v1alpha1.migration;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.pgmosaic.api.v1alpha1.common.ApiValue;
import io.pgmosaic.api.v1alpha1.common.Patterns;
import io.pgmosaic.api.v1alpha1.split.TimeWindow;
import org.jspecify.annotations.Nullable;

import java.util.List;

/** In which order and how carefully the shards are changed. Durations are a whole number and ms, s, m or h. */
@ApiValue
public record RolloutSpec(
        @JsonPropertyDescription("Shards that go first. Default: one, chosen by the operator.") @Size(max = 16)
        List<@Pattern(Patterns.DNS_LABEL) @Size(min = 1, max = 30) String> canary,

        @JsonPropertyDescription("Shards that are changed at one time, at most.") @Default("4") @Min(1) @Max(256)
        Integer maxParallel,

        @JsonPropertyDescription("Time between one wave of shards and the next.")
        @Default("0s")
        @Pattern(Patterns.DURATION)
        @Size(max = Patterns.DURATION_LENGTH)
        String pauseBetweenWaves,

        @JsonPropertyDescription("Whether the contract step waits for the field approved.") @Default("true")
        Boolean approveContract,

        @JsonPropertyDescription("How long a statement waits for a lock before it gives way and tries again.")
        @Default("500ms")
        @Pattern(Patterns.DURATION)
        @Size(max = Patterns.DURATION_LENGTH)
        String lockTimeout,

        @JsonPropertyDescription("How often a statement is tried again after a lock time-out.")
        @Default("50")
        @Min(1)
        @Max(1000)
        Integer maxLockAttempts,

        @JsonPropertyDescription("How long one statement may run. 0s: no limit.")
        @Default("0s")
        @Pattern(Patterns.DURATION)
        @Size(max = Patterns.DURATION_LENGTH)
        String statementTimeout,

        @JsonPropertyDescription(
                "Stop: no further shard begins. Continue: the others go on. RollBack: the expand step is undone.")
        @Default("Stop")
        FailurePolicy onFailure,

        @JsonPropertyDescription("When statements may begin; what has begun ends. Default: at any time.") @Nullable
        TimeWindow window) {

    public RolloutSpec {
        canary = canary == null ? List.of() : List.copyOf(canary);
        maxParallel = maxParallel == null ? 4 : maxParallel;
        pauseBetweenWaves = pauseBetweenWaves == null ? "0s" : pauseBetweenWaves;
        approveContract = approveContract == null || approveContract;
        lockTimeout = lockTimeout == null ? "500ms" : lockTimeout;
        maxLockAttempts = maxLockAttempts == null ? 50 : maxLockAttempts;
        statementTimeout = statementTimeout == null ? "0s" : statementTimeout;
        onFailure = onFailure == null ? FailurePolicy.STOP : onFailure;
    }

    public static RolloutSpec defaults() {
        return new RolloutSpec(List.of(), 4, "0s", true, "500ms", 50, "0s", FailurePolicy.STOP, null);
    }
}
