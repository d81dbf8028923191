package io.pgmosaic.api.v1alpha1.split;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.pgmosaic.api.v1alpha1.common.ApiValue;

/** A time span in which something may begin. */
@ValidationRule(
        value = "timestamp(self.notBefore) < timestamp(self.notAfter)",
        message = "notAfter must be later than notBefore: write the end of the window")
@ApiValue
public record TimeWindow(
        @JsonPropertyDescription("The beginning, as 2026-03-01T02:00:00Z.")
        @Required
        @Pattern("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$")
        @Size(max = 20)
        String notBefore,

        @JsonPropertyDescription("The end, as 2026-03-01T04:00:00Z.")
        @Required
        @Pattern("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$")
        @Size(max = 20)
        String notAfter) {

    public TimeWindow {
        notBefore = notBefore == null ? "" : notBefore;
        notAfter = notAfter == null ? "" : notAfter;
    }
}
