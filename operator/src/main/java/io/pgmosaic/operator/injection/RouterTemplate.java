package io.pgmosaic.operator.injection;

import io.fabric8.kubernetes.api.model.ResourceRequirements;
import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * What is the same for every injected router.
 *
 * @param image of the router
 * @param topologyUrls where it finds operators
 * @param authorityPem who signed the operators' certificates
 * @param userId under which it runs; null leaves that to the pod and the image
 * @param nativeSidecar whether containers before the application's can go on beside it, as from Kubernetes 1.29
 */
public record RouterTemplate(
        String image,
        List<String> topologyUrls,
        String authorityPem,
        ResourceRequirements resources,
        @Nullable Long userId,
        boolean nativeSidecar) {
    public RouterTemplate {
        topologyUrls = List.copyOf(topologyUrls);
    }
}
