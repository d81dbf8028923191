package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.pgmosaic.api.v1alpha1.common.ApiValue;
import io.pgmosaic.api.v1alpha1.common.Patterns;
import org.jspecify.annotations.Nullable;

/**
 * Asks that an instance become the primary of its shard. It is done once for each pair of {@code to} and {@code request},
 * and says nothing of who shall be primary afterwards, so it may stay in the spec.
 */
@ValidationRule(
        value = "size(self.to) > 2 && self.to.substring(0, size(self.to) - 2).endsWith('-' + self.shard)",
        message =
                "switchover.to: an instance is not one of its shard: write <cluster>-<shard>-<number>, such as orders-s0-1 for shard s0 of the cluster orders")
@ApiValue
public record SwitchoverSpec(
        @JsonPropertyDescription("The shard.") @Required @Pattern(Patterns.DNS_LABEL) @Size(min = 1, max = 30)
        String shard,

        @JsonPropertyDescription(
                "The instance that shall be its primary: <cluster>-<shard>-<number>, such as orders-s0-1.")
        @Required
        @Pattern(Patterns.INSTANCE)
        @Size(min = 1, max = Patterns.INSTANCE_LENGTH)
        String to,

        @JsonPropertyDescription(
                "Any text, such as a date or a ticket. A switchover to the same instance is done again when this text is another one.")
        @Pattern(Patterns.PARAMETER_VALUE)
        @Size(min = 1, max = 63)
        @Nullable
        String request) {

    public SwitchoverSpec {
        shard = shard == null ? "" : shard;
        to = to == null ? "" : to;
    }
}
