package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.pgmosaic.api.v1alpha1.common.ApiValue;
import io.pgmosaic.api.v1alpha1.common.Patterns;

/** How fast a lost primary is noticed and replaced. Durations are a whole number and ms, s, m or h. */
@ValidationRule(
        value = "duration(self.detectionTime) >= duration('100ms')",
        message = "failover.detectionTime is too short, every hiccup would be a failover: write at least 100ms")
@ValidationRule(
        value = "duration(self.leaseDuration) > duration(self.detectionTime)",
        message =
                "failover.leaseDuration must be longer than failover.detectionTime, or a healthy primary stops itself: write a longer lease, such as 6s with a detectionTime of 2s")
@ApiValue
public record FailoverSpec(
        @JsonPropertyDescription(
                "How long a primary must be unreachable, for the operator and for its standbys, before it is suspected.")
        @Default("2s")
        @Pattern(Patterns.DURATION)
        @Size(max = Patterns.DURATION_LENGTH)
        String detectionTime,

        @JsonPropertyDescription(
                "How long PostgreSQL may take to come back by itself after a crash before another instance takes over.")
        @Default("3s")
        @Pattern(Patterns.DURATION)
        @Size(max = Patterns.DURATION_LENGTH)
        String restartGrace,

        @JsonPropertyDescription(
                "After this long without contact to the operator and to a majority of its shard a primary stops itself. Longer than detectionTime.")
        @Default("6s")
        @Pattern(Patterns.DURATION)
        @Size(max = Patterns.DURATION_LENGTH)
        String leaseDuration,

        @JsonPropertyDescription(
                "With durability Preferred: how many bytes of log a new primary may lack, at most. With Required it has no effect.")
        @Default("1048576")
        @Min(0)
        @Max(1099511627776L)
        Long maxDataLossBytes) {

    public static final String DEFAULT_DETECTION_TIME = "2s";
    public static final String DEFAULT_RESTART_GRACE = "3s";
    public static final String DEFAULT_LEASE_DURATION = "6s";
    public static final long DEFAULT_MAX_DATA_LOSS_BYTES = 1_048_576;

    public FailoverSpec {
        detectionTime = detectionTime == null ? DEFAULT_DETECTION_TIME : detectionTime;
        restartGrace = restartGrace == null ? DEFAULT_RESTART_GRACE : restartGrace;
        leaseDuration = leaseDuration == null ? DEFAULT_LEASE_DURATION : leaseDuration;
        maxDataLossBytes = maxDataLossBytes == null ? DEFAULT_MAX_DATA_LOSS_BYTES : maxDataLossBytes;
    }

    public static FailoverSpec defaults() {
        return new FailoverSpec(
                DEFAULT_DETECTION_TIME, DEFAULT_RESTART_GRACE, DEFAULT_LEASE_DURATION, DEFAULT_MAX_DATA_LOSS_BYTES);
    }
}
