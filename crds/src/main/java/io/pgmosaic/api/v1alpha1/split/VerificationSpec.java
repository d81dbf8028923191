package io.pgmosaic.api.v1alpha1.split;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.pgmosaic.api.v1alpha1.common.ApiValue;

/** What happens when rows differ. They are always compared, all of them, before keys change hands. */
@ApiValue
public record VerificationSpec(
        @JsonPropertyDescription(
                "Rows that differ are made equal to the source's and compared again. If false, the split stops and names them.")
        @Default("true")
        Boolean repair) {

    public VerificationSpec {
        repair = repair == null || repair;
    }

    public static VerificationSpec defaults() {
        return new VerificationSpec(true);
    }
}
