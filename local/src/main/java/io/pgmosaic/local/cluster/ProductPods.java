package io.pgmosaic.local.cluster;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.pgmosaic.local.pods.PodRuntime;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** The pods that a local cluster has beside those of its databases: an operator, and an application's router. */
final class ProductPods {
    static final String OPERATOR_NAMESPACE = "pgmosaic-system";
    static final String OPERATOR = "pgmosaic-operator";
    static final String OPERATOR_CONTAINER = "operator";
    static final int ROUTER_PORT = 7432;

    private static final int TOPOLOGY_PORT = 8443;

    private ProductPods() {}

    /**
     * A replica of the operator; servers go by their addresses in the topology, since no cluster DNS answers here.
     *
     * @param addresses of all replicas, this one's among them
     */
    static Pod operator(String name, Path kubeconfig, String address, List<String> addresses) {
        return new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(OPERATOR_NAMESPACE)
                .addToAnnotations(PodRuntime.ADDRESS_ANNOTATION, address)
                .addToLabels("app.kubernetes.io/name", OPERATOR)
                .endMetadata()
                .withNewSpec()
                // It has nothing to finish, and a leader that is asked to end waits for itself.
                .withTerminationGracePeriodSeconds(1L)
                .addNewContainer()
                .withName(OPERATOR_CONTAINER)
                .withImage(StagedImages.OPERATOR)
                .withCommand("pgmosaic-operator")
                .withEnv(List.of(
                        literal("KUBECONFIG", kubeconfig.toString()),
                        literal("QUARKUS_HTTP_HOST", address),
                        literal("PGMOSAIC_NAMESPACE", OPERATOR_NAMESPACE),
                        field("PGMOSAIC_POD", "metadata.name"),
                        literal("PGMOSAIC_TOPOLOGY_HOST", address),
                        literal("PGMOSAIC_TOPOLOGY_PORT", Integer.toString(TOPOLOGY_PORT)),
                        literal("PGMOSAIC_TOPOLOGY_URLS", topologyUrls(addresses)),
                        literal("PGMOSAIC_TOPOLOGY_HOSTS", "ADDRESS")))
                .withNewReadinessProbe()
                .withNewHttpGet()
                .withPath("/q/health/ready")
                .withNewPort(8080)
                .endHttpGet()
                .withPeriodSeconds(1)
                .withTimeoutSeconds(2)
                .endReadinessProbe()
                .endContainer()
                .endSpec()
                .build();
    }

    private static String topologyUrls(List<String> addresses) {
        return addresses.stream()
                .map(address -> "https://" + address + ":" + TOPOLOGY_PORT)
                .collect(Collectors.joining(","));
    }

    /** An application's pod of which only the router is there. It listens on the pod's address for us to ask. */
    static Pod router(String namespace, String cluster) {
        return new PodBuilder()
                .withNewMetadata()
                .withName(routerName(cluster))
                .withNamespace(namespace)
                .addToLabels("app.kubernetes.io/name", "pgmosaic-router")
                .endMetadata()
                .withNewSpec()
                .withAutomountServiceAccountToken(false)
                .withTerminationGracePeriodSeconds(5L)
                .addNewContainer()
                .withName("router")
                .withImage(StagedImages.ROUTER)
                .withCommand("pgmosaic-router")
                .withEnv(List.of(
                        literal("PGMOSAIC_NAMESPACE", namespace),
                        literal("PGMOSAIC_CLUSTER", cluster),
                        new EnvVarBuilder()
                                .withName("PGMOSAIC_TOPOLOGY_URLS")
                                .withNewValueFrom()
                                .withNewConfigMapKeyRef("topology-urls", cluster + "-router", false)
                                .endValueFrom()
                                .build(),
                        literal("PGMOSAIC_ROUTER_SECRET_DIR", "/etc/pgmosaic/router"),
                        literal("PGMOSAIC_STATE_DIR", "/var/lib/pgmosaic-router"),
                        field("PGMOSAIC_HTTP_ADDRESS", "status.podIP"),
                        literal("PGMOSAIC_HTTP_PORT", Integer.toString(ROUTER_PORT))))
                .withNewReadinessProbe()
                .withNewHttpGet()
                .withPath("/readyz")
                .withNewPort(ROUTER_PORT)
                .endHttpGet()
                .withPeriodSeconds(1)
                .endReadinessProbe()
                .addNewVolumeMount()
                .withName("router")
                .withMountPath("/etc/pgmosaic/router")
                .endVolumeMount()
                .addNewVolumeMount()
                .withName("state")
                .withMountPath("/var/lib/pgmosaic-router")
                .endVolumeMount()
                .endContainer()
                .addNewVolume()
                .withName("router")
                .withNewSecret()
                .withSecretName(cluster + "-router")
                .endSecret()
                .endVolume()
                .addNewVolume()
                .withName("state")
                .withNewEmptyDir()
                .endEmptyDir()
                .endVolume()
                .endSpec()
                .build();
    }

    static String routerName(String cluster) {
        return cluster + "-application";
    }

    private static EnvVar literal(String name, String value) {
        return new EnvVarBuilder().withName(name).withValue(value).build();
    }

    private static EnvVar field(String name, String path) {
        return new EnvVarBuilder()
                .withName(name)
                .withNewValueFrom()
                .withNewFieldRef()
                .withFieldPath(path)
                .endFieldRef()
                .endValueFrom()
                .build();
    }
}
