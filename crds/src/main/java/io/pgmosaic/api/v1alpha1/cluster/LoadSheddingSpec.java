package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.pgmosaic.api.v1alpha1.common.ApiValue;
import io.pgmosaic.api.v1alpha1.common.DurationText;
import io.pgmosaic.api.v1alpha1.common.Patterns;

import java.time.Duration;

/** When routers refuse lookups of a shard that has too much to do. */
@ValidationRule(
        value = "duration(self.targetLatency) >= duration('1ms')",
        message = "targetLatency: write at least 1ms")
@ValidationRule(
        value = "duration(self.maxLatency) > duration(self.targetLatency)",
        message = "maxLatency must be longer than targetLatency: write two to five times as much")
@ApiValue
public record LoadSheddingSpec(
        @JsonPropertyDescription(
                "While half of the statements on a shard, as clients report them, take longer than this, lookups of the lowest priorities are refused, more and more.")
        @Default("50ms")
        @Pattern(Patterns.DURATION)
        @Size(max = Patterns.DURATION_LENGTH)
        String targetLatency,

        @JsonPropertyDescription(
                "While they take longer than this, lookups are refused faster, and those of priority 10, too.")
        @Default("200ms")
        @Pattern(Patterns.DURATION)
        @Size(max = Patterns.DURATION_LENGTH)
        String maxLatency) {

    public LoadSheddingSpec {
        targetLatency = targetLatency == null ? "50ms" : targetLatency;
        maxLatency = maxLatency == null ? "200ms" : maxLatency;
    }

    /** {@code targetLatency} parsed; throws IllegalArgumentException when it is no duration. */
    public Duration targetDuration() {
        return DurationText.parse(targetLatency);
    }

    /** {@code maxLatency} parsed; throws IllegalArgumentException when it is no duration. */
    public Duration maxDuration() {
        return DurationText.parse(maxLatency);
    }
}
