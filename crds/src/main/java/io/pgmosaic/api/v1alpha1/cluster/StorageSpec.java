package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Quantity;
import io.pgmosaic.api.v1alpha1.common.ApiValue;
import io.pgmosaic.api.v1alpha1.common.Patterns;
import org.jspecify.annotations.Nullable;

/** The volume of each instance. */
@ValidationRule(
        value = "self.size == oldSelf.size",
        message =
                "storage.size cannot be changed: this version of PgMosaic does not resize volumes. Write the size that runs.")
@ValidationRule(
        value =
                "has(self.storageClassName) == has(oldSelf.storageClassName) && (!has(self.storageClassName) || self.storageClassName == oldSelf.storageClassName)",
        message =
                "storage.storageClassName cannot be changed, the volumes exist: write the class that the cluster was created with")
@ApiValue
public record StorageSpec(
        @JsonPropertyDescription("Size of each instance's volume, such as 100Gi.")
        @Required
        @Pattern(Patterns.BYTES)
        @Size(min = 1, max = 24)
        String size,

        @JsonPropertyDescription("StorageClass of the volumes. Default: the cluster's default class.")
        @Pattern(Patterns.DNS_SUBDOMAIN)
        @Size(min = 1, max = Patterns.DNS_SUBDOMAIN_LENGTH)
        @Nullable
        String storageClassName,

        @JsonPropertyDescription(
                "What becomes of the volumes when this resource is deleted. Retain: they stay, with the data. Delete: they go, with the data.")
        @Default("Retain")
        VolumePolicy onDelete) {

    public StorageSpec {
        size = size == null ? "" : size;
        onDelete = onDelete == null ? VolumePolicy.RETAIN : onDelete;
    }

    /**
     * @throws IllegalArgumentException when {@code size} is no quantity
     */
    public Quantity sizeAsQuantity() {
        return Quantity.parse(size);
    }
}
