package io.pgmosaic.api.v1alpha1.common;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** A Secret in the resource's namespace. */
@ApiValue
public record SecretName(
        @JsonPropertyDescription("Name of the Secret, in the namespace of this resource.")
        @Required
        @Pattern(Patterns.DNS_SUBDOMAIN)
        @Size(min = 1, max = Patterns.DNS_SUBDOMAIN_LENGTH)
        String name) {

    public SecretName {
        name = name == null ? "" : name;
    }
}
