package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.pgmosaic.api.v1alpha1.common.ApiValue;
import io.pgmosaic.api.v1alpha1.common.DurationText;
import io.pgmosaic.api.v1alpha1.common.Patterns;
import org.jspecify.annotations.Nullable;

import java.time.Duration;

/** When a primary counts as lost, and what may be lost with it. Durations are a whole number and ms, s, m or h. */
@ValidationRule(
        value = "duration(self.detectionTime) >= duration('100ms')",
        message = "failover.detectionTime is too short, every hiccup would be a failover: write at least 100ms")
@ValidationRule(
        value = "duration(self.detectionTime) <= duration('1h')",
        message = "failover.detectionTime is too long, a lost primary would hardly be replaced: write at most 1h")
@ValidationRule(
        value = "duration(self.restartGrace) < duration('10m')",
        message =
                "failover.restartGrace is too long, a server that does not come back would hardly be replaced: write less than 10m, or 0s to wait for no restart")
@ValidationRule(
        value = "duration(self.leaseDuration) >= duration('1s')",
        message =
                "failover.leaseDuration is too short, a healthy primary would stop itself at every hiccup: write at least 1s")
@ValidationRule(
        value = "duration(self.leaseDuration) > duration(self.detectionTime)",
        message =
                "failover.leaseDuration must be longer than failover.detectionTime, or a healthy primary stops itself: write a longer lease, such as 6s with a detectionTime of 2s")
@ApiValue
public record FailoverSpec(
        @JsonPropertyDescription(
                "How long a primary must be unreachable, for the operator and for its standbys, before a failover begins. A primary that a standby still hears is not replaced.")
        @Default("2s")
        @Pattern(Patterns.DURATION)
        @Size(max = Patterns.DURATION_LENGTH)
        String detectionTime,

        @JsonPropertyDescription(
                "When only PostgreSQL has ended and its pod still answers: how long it may take to come back in place before another instance takes over. 0s: take over at once. A restart in place loses nothing, but replays its log first.")
        @Default("3s")
        @Pattern(Patterns.DURATION)
        @Size(max = Patterns.DURATION_LENGTH)
        String restartGrace,

        @JsonPropertyDescription(
                "A primary that for this long has been confirmed neither by the operator nor by a majority of its shard stops PostgreSQL, so that a cut-off one serves no stale reads. Longer than detectionTime. With mode Async nothing but this, or a proof, keeps two primaries apart, so a failover waits for it.")
        @Default("6s")
        @Pattern(Patterns.DURATION)
        @Size(max = Patterns.DURATION_LENGTH)
        String leaseDuration,

        @JsonPropertyDescription(
                "With durability Preferred: how many bytes of log a new primary may lack, at most; when all reachable ones lack more, the shard waits for the old primary or for a person. With Required it has no effect, since nothing acknowledged may be lost.")
        @Default("1048576")
        @Min(0)
        @Max(1099511627776L)
        Long maxDataLossBytes,

        @JsonPropertyDescription(
                "A Job that is run before a promotion with mode Async when it cannot be proven that the old primary is stopped: it switches the machine off, cuts its network or takes its disk, and its success is the proof. With the other modes it is never run.")
        @Nullable
        FencingJobSpec fencingJob) {

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
                DEFAULT_DETECTION_TIME,
                DEFAULT_RESTART_GRACE,
                DEFAULT_LEASE_DURATION,
                DEFAULT_MAX_DATA_LOSS_BYTES,
                null);
    }

    /** {@code detectionTime} parsed; throws IllegalArgumentException when it is no duration. */
    public Duration detection() {
        return DurationText.parse(detectionTime);
    }

    /** {@code restartGrace} parsed; throws IllegalArgumentException when it is no duration. */
    public Duration grace() {
        return DurationText.parse(restartGrace);
    }

    /** {@code leaseDuration} parsed; throws IllegalArgumentException when it is no duration. */
    public Duration lease() {
        return DurationText.parse(leaseDuration);
    }
}
