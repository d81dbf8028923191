package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.pgmosaic.api.v1alpha1.common.ApiValue;
import io.pgmosaic.api.v1alpha1.common.DurationText;
import io.pgmosaic.api.v1alpha1.common.Patterns;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;

/** How often a key may be looked up at one router. */
@ValidationRule(
        value = "!has(self.keys) || size(self.keys) == 0 || has(self.table)",
        message = "keys: say of which table they are: write table, or remove keys")
@ValidationRule(
        value = "!has(self.burst) || self.algorithm == 'TokenBucket'",
        message = "burst: SlidingWindow has none: remove it, or write algorithm TokenBucket")
@ValidationRule(
        value = "duration(self.window) >= duration('1s') && duration(self.window) <= duration('1h')",
        message = "window: write at least 1s and at most 1h")
@ApiValue
public record RateLimitSpec(
        @JsonPropertyDescription("The table; without it, every sharded table, each by itself.") @Nullable
        TableName table,

        @JsonPropertyDescription("The keys that it is for; without any, every key, each by itself.") @Size(max = 100)
        List<LimitedKey> keys,

        @JsonPropertyDescription("How many lookups of one key are answered in the time of the window.")
        @Required
        @Min(1)
        @Max(1_000_000)
        Integer limit,

        @JsonPropertyDescription("The time in which the limit is counted, from 1s to 1h.")
        @Default("1s")
        @Pattern(Patterns.DURATION)
        @Size(max = Patterns.DURATION_LENGTH)
        String window,

        @JsonPropertyDescription(
                "With TokenBucket, how many lookups are answered at once after a pause; as many as the limit by default.")
        @Min(1)
        @Max(1_000_000)
        @Nullable
        Integer burst,

        @JsonPropertyDescription(
                "TokenBucket: at the rate of the limit, and up to burst at once. SlidingWindow: about no more than limit in any window.")
        @Default("TokenBucket")
        RateLimitAlgorithm algorithm) {

    public RateLimitSpec {
        keys = keys == null ? List.of() : List.copyOf(keys);
        limit = limit == null ? 0 : limit;
        window = window == null ? "1s" : window;
        algorithm = algorithm == null ? RateLimitAlgorithm.TOKEN_BUCKET : algorithm;
    }

    /** {@code window} parsed; throws IllegalArgumentException when it is no duration. */
    public Duration windowDuration() {
        return DurationText.parse(window);
    }
}
