package io.pgmosaic.operator.validation;

import io.pgmosaic.api.v1alpha1.cluster.StorageSpec;
import io.pgmosaic.api.v1alpha1.common.Patterns;

import java.util.regex.Pattern;

/** The volumes. */
final class StorageRules {
    private static final Pattern BYTES = Pattern.compile(Patterns.BYTES);

    private StorageRules() {}

    static void check(StorageSpec storage, Problems problems) {
        problems.text(
                "spec.storage.size", storage.size(), BYTES, 24, "a size: write a number and a unit, such as 100Gi");
        if (storage.storageClassName() != null) {
            problems.dnsSubdomain("spec.storage.storageClassName", storage.storageClassName());
        }
    }
}
