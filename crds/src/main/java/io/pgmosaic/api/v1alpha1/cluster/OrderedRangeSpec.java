package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.pgmosaic.api.v1alpha1.common.ApiValue;
import org.jspecify.annotations.Nullable;

/** Settings of ordered ranges. */
@ApiValue
public record OrderedRangeSpec(
        @JsonPropertyDescription(
                "Type of the values whose order decides: that of the first column of role Key of every table. BigInt, Text (in the order of its bytes in UTF-8) or Timestamp.")
        @Required
        @Nullable
        KeyColumnType type) {}
