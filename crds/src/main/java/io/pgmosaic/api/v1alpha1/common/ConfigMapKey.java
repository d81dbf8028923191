package io.pgmosaic.api.v1alpha1.common;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** One entry of a ConfigMap in the resource's namespace. */
@ApiValue
public record ConfigMapKey(
        @JsonPropertyDescription("Name of the ConfigMap, in the namespace of this resource.")
        @Required
        @Pattern(Patterns.DNS_SUBDOMAIN)
        @Size(min = 1, max = Patterns.DNS_SUBDOMAIN_LENGTH)
        String name,

        @JsonPropertyDescription("The entry of the ConfigMap to read.")
        @Required
        @Pattern(Patterns.DATA_KEY)
        @Size(min = 1, max = 253)
        String key) {

    public ConfigMapKey {
        name = name == null ? "" : name;
        key = key == null ? "" : key;
    }
}
