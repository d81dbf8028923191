package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.pgmosaic.api.v1alpha1.common.ApiValue;

/** A shard that begins as a copy of another one's data. */
@ApiValue
public record CloneState(
        @JsonPropertyDescription("The shard whose data it begins with.")
        String source,

        @JsonPropertyDescription("Whether it follows that shard no more: it is, or becomes, one of its own.")
        Boolean cut) {

    public CloneState {
        source = source == null ? "" : source;
        cut = cut != null && cut;
    }
}
