package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.pgmosaic.api.v1alpha1.common.ApiValue;
import io.pgmosaic.api.v1alpha1.common.Patterns;
import org.jspecify.annotations.Nullable;

import java.util.Map;

/** Which PostgreSQL, and with which settings. */
@ValidationRule(
        value = "self.version == oldSelf.version",
        message =
                "postgres.version cannot be changed: this version of PgMosaic does no major upgrades. Write the version that runs.")
@ApiValue
public record PostgresSpec(
        @JsonPropertyDescription("Major version of PostgreSQL. It must be that of the image.")
        @Required
        @Min(15)
        @Max(18)
        Integer version,

        @JsonPropertyDescription(
                "Image of the database pods: PostgreSQL and the instance manager. Default: the operator's own for this version.")
        @Pattern(Patterns.IMAGE)
        @Size(min = 1, max = 512)
        @Nullable
        String image,

        @JsonPropertyDescription(
                "Settings for postgresql.conf by name, such as work_mem: 64MB. Write numbers and booleans as quoted text. Settings that the operator owns are refused.")
        Map<String, @Size(max = 1024) String> parameters) {

    public PostgresSpec {
        version = version == null ? 0 : version;
        parameters = parameters == null ? Map.of() : Map.copyOf(parameters);
    }
}
