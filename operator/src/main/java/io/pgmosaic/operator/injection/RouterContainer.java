package io.pgmosaic.operator.injection;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.pgmosaic.operator.ClusterKey;
import org.jspecify.annotations.Nullable;

/** The router beside an application. It passes the restricted pod security standard whatever the pod's other containers do. */
final class RouterContainer {
    static final String NAME = "pgmosaic-router";

    /** Where the application asks it. */
    static final String URL = "http://127.0.0.1:7432";

    static final String SECRET_PATH = "/etc/pgmosaic/router";
    static final String STATE_PATH = "/var/lib/pgmosaic-router";

    /** Health and metrics alone, on the pod's address, since neither the kubelet nor Prometheus reaches loopback. */
    private static final int HEALTH_PORT = 7433;

    private static final String HEALTH = "pgmosaic-health";

    /**
     * Seconds. The application starts once the router knows the topology; a router that does not yet is better left waiting
     * for an operator than started again.
     */
    private static final int LONGEST_START = 3_600;

    /** Where the pod runs, if its labels do not say that; empty for nowhere in particular. */
    static final String ZONE = "pgmosaic.io/zone";

    /** Kubernetes puts it on pods from 1.35, when they are bound to a node; the variable is empty before. */
    private static final String ZONE_LABEL = "topology.kubernetes.io/zone";

    private RouterContainer() {}

    /** @param zone where the pod says that it runs; null to take that from its labels once it has a node */
    static Container of(ClusterKey cluster, RouterTemplate template, @Nullable String zone) {
        return new ContainerBuilder()
                .withName(NAME)
                .withImage(template.image())
                .withImagePullPolicy("IfNotPresent")
                .withCommand("pgmosaic-router")
                .withRestartPolicy(template.nativeSidecar() ? "Always" : null)
                .withEnv(
                        literal("PGMOSAIC_NAMESPACE", cluster.namespace()),
                        literal("PGMOSAIC_CLUSTER", cluster.name()),
                        literal("PGMOSAIC_TOPOLOGY_URLS", String.join(",", template.topologyUrls())),
                        fromPod("PGMOSAIC_HEALTH_ADDRESS", "status.podIP"),
                        literal("PGMOSAIC_HEALTH_PORT", Integer.toString(HEALTH_PORT)),
                        zone == null
                                ? fromPod("PGMOSAIC_ZONE", "metadata.labels['" + ZONE_LABEL + "']")
                                : literal("PGMOSAIC_ZONE", zone))
                .addAllToEnv(template.environment().entrySet().stream()
                        .map(variable -> literal(variable.getKey(), variable.getValue()))
                        .toList())
                .addNewPort()
                .withName(HEALTH)
                .withContainerPort(HEALTH_PORT)
                .withProtocol("TCP")
                .endPort()
                .withResources(template.resources())
                .withStartupProbe(probe("/readyz", 1, LONGEST_START))
                .withLivenessProbe(probe("/livez", 10, 6))
                .withReadinessProbe(probe("/readyz", 5, 3))
                .withNewSecurityContext()
                .withAllowPrivilegeEscalation(false)
                .withReadOnlyRootFilesystem(true)
                .withRunAsNonRoot(true)
                .withRunAsUser(template.userId())
                .withRunAsGroup(template.userId())
                .withNewCapabilities()
                .withDrop("ALL")
                .endCapabilities()
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .endSecurityContext()
                .addNewVolumeMount()
                .withName(RouterVolumes.IDENTITY)
                .withMountPath(SECRET_PATH)
                .withReadOnly(true)
                .endVolumeMount()
                .addNewVolumeMount()
                .withName(RouterVolumes.STATE)
                .withMountPath(STATE_PATH)
                .endVolumeMount()
                .build();
    }

    private static EnvVar literal(String name, String value) {
        return new EnvVarBuilder().withName(name).withValue(value).build();
    }

    private static EnvVar fromPod(String name, String path) {
        return new EnvVarBuilder()
                .withName(name)
                .withNewValueFrom()
                .withNewFieldRef()
                .withApiVersion("v1")
                .withFieldPath(path)
                .endFieldRef()
                .endValueFrom()
                .build();
    }

    private static Probe probe(String path, int periodSeconds, int failures) {
        return new ProbeBuilder()
                .withNewHttpGet()
                .withPath(path)
                .withNewPort(HEALTH)
                .endHttpGet()
                .withPeriodSeconds(periodSeconds)
                .withTimeoutSeconds(2)
                .withFailureThreshold(failures)
                .build();
    }
}
