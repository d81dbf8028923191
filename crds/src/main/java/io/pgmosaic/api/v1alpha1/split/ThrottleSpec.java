package io.pgmosaic.api.v1alpha1.split;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.pgmosaic.api.v1alpha1.common.ApiValue;
import io.pgmosaic.api.v1alpha1.common.Patterns;
import org.jspecify.annotations.Nullable;

/** How much of the source a copy may use. Durations are a whole number and ms, s, m or h. */
@ApiValue
public record ThrottleSpec(
        @JsonPropertyDescription("Bytes copied per second, at most. Default: no limit.") @Min(1) @Nullable
        Long bytesPerSecond,

        @JsonPropertyDescription("The copy pauses while a standby of the source is further behind than this.")
        @Default("10s")
        @Pattern(Patterns.DURATION)
        @Size(max = Patterns.DURATION_LENGTH)
        String maxSourceLag,

        @JsonPropertyDescription("Not yet regarded.") @Default("80") @Min(1) @Max(100)
        Integer maxSourceCpuPercent) {

    public ThrottleSpec {
        maxSourceLag = maxSourceLag == null ? "10s" : maxSourceLag;
        maxSourceCpuPercent = maxSourceCpuPercent == null ? 80 : maxSourceCpuPercent;
    }

    public static ThrottleSpec defaults() {
        return new ThrottleSpec(null, "10s", 80);
    }
}
