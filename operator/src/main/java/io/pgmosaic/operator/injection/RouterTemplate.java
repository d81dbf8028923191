package io.pgmosaic.operator.injection;

import io.fabric8.kubernetes.api.model.ResourceRequirements;
import org.jspecify.annotations.Nullable;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What is the same for every injected router.
 *
 * @param image of the router
 * @param topologyUrls where it finds operators
 * @param authorityPem who signed the operators' certificates
 * @param environment variables that say where spans go; in the order of their names
 * @param userId under which it runs; null leaves that to the pod and the image
 * @param nativeSidecar whether containers before the application's can go on beside it, as from Kubernetes 1.29
 */
public record RouterTemplate(
        String image,
        List<String> topologyUrls,
        String authorityPem,
        ResourceRequirements resources,
        Map<String, String> environment,
        @Nullable Long userId,
        boolean nativeSidecar) {
    /** Those of OpenTelemetry. Any other could take from a router what keeps it safe, or lead it to another operator. */
    private static final Pattern ALLOWED = Pattern.compile("OTEL_[A-Z0-9_]+");

    /** @throws IllegalArgumentException when a variable is not one of OpenTelemetry's */
    public RouterTemplate {
        topologyUrls = List.copyOf(topologyUrls);
        environment = Collections.unmodifiableSortedMap(new TreeMap<>(environment));
        for (String name : environment.keySet()) {
            if (!ALLOWED.matcher(name).matches()) {
                throw new IllegalArgumentException("injected routers are given no variable " + name
                        + ": write those of OpenTelemetry alone, OTEL_...");
            }
        }
    }
}
