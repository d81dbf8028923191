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

/** When and how the moving keys change hands. Durations are a whole number and ms, s, m or h. */
@ApiValue
public record CutOverSpec(
        @JsonPropertyDescription("Automatic: as soon as the rows are verified. Manual: when approved is true.")
        @Default("Automatic")
        Approval approval,

        @JsonPropertyDescription("With approval Manual: set this to true to let the cut-over begin.") @Default("false")
        Boolean approved,

        @JsonPropertyDescription(
                "The cut-over is given up and tried again later when writes to the moving keys would pause longer than this.")
        @Default("300ms")
        @Pattern(Patterns.DURATION)
        @Size(max = Patterns.DURATION_LENGTH)
        String maxWritePause,

        @JsonPropertyDescription("How often the cut-over is tried before the split waits for a person.")
        @Default("10")
        @Min(1)
        @Max(100)
        Integer maxAttempts,

        @JsonPropertyDescription("The cut-over begins only in this time span.") @Nullable
        TimeWindow window) {

    public CutOverSpec {
        approval = approval == null ? Approval.AUTOMATIC : approval;
        approved = approved != null && approved;
        maxWritePause = maxWritePause == null ? "300ms" : maxWritePause;
        maxAttempts = maxAttempts == null ? 10 : maxAttempts;
    }

    public static CutOverSpec defaults() {
        return new CutOverSpec(Approval.AUTOMATIC, false, "300ms", 10, null);
    }
}
