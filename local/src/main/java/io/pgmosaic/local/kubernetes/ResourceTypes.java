package io.pgmosaic.local.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import static io.pgmosaic.local.kubernetes.ResourceType.builtIn;

/** Which kinds the server knows: a fixed list, and one for each version of each CustomResourceDefinition. */
final class ResourceTypes {
    private final Map<String, ResourceType> types = new LinkedHashMap<>();

    ResourceTypes() {
        List.of(
                        builtIn("v1", "Namespace", "namespaces", false, "ns"),
                        builtIn("v1", "Node", "nodes", false, "no"),
                        builtIn("v1", "PersistentVolume", "persistentvolumes", false, "pv"),
                        builtIn("v1", "Pod", "pods", true, "po"),
                        builtIn("v1", "Service", "services", true, "svc"),
                        builtIn("v1", "Endpoints", "endpoints", true, "ep"),
                        builtIn("v1", "ConfigMap", "configmaps", true, "cm"),
                        builtIn("v1", "Secret", "secrets", true),
                        builtIn("v1", "ServiceAccount", "serviceaccounts", true, "sa"),
                        builtIn("v1", "PersistentVolumeClaim", "persistentvolumeclaims", true, "pvc"),
                        builtIn("v1", "Event", "events", true, "ev"),
                        builtIn("events.k8s.io/v1", "Event", "events", true, "ev"),
                        builtIn("apps/v1", "StatefulSet", "statefulsets", true, "sts"),
                        builtIn("apps/v1", "Deployment", "deployments", true, "deploy"),
                        builtIn("apps/v1", "ReplicaSet", "replicasets", true, "rs"),
                        builtIn("apps/v1", "DaemonSet", "daemonsets", true, "ds"),
                        builtIn("apps/v1", "ControllerRevision", "controllerrevisions", true),
                        builtIn("batch/v1", "Job", "jobs", true),
                        builtIn("policy/v1", "PodDisruptionBudget", "poddisruptionbudgets", true, "pdb"),
                        builtIn("coordination.k8s.io/v1", "Lease", "leases", true),
                        builtIn("discovery.k8s.io/v1", "EndpointSlice", "endpointslices", true),
                        builtIn("networking.k8s.io/v1", "NetworkPolicy", "networkpolicies", true, "netpol"),
                        builtIn("rbac.authorization.k8s.io/v1", "Role", "roles", true),
                        builtIn("rbac.authorization.k8s.io/v1", "RoleBinding", "rolebindings", true),
                        builtIn("rbac.authorization.k8s.io/v1", "ClusterRole", "clusterroles", false),
                        builtIn("rbac.authorization.k8s.io/v1", "ClusterRoleBinding", "clusterrolebindings", false),
                        builtIn("storage.k8s.io/v1", "StorageClass", "storageclasses", false, "sc"),
                        builtIn(
                                "apiextensions.k8s.io/v1",
                                "CustomResourceDefinition",
                                "customresourcedefinitions",
                                false,
                                "crd",
                                "crds"))
                .forEach(this::add);
    }

    Optional<ResourceType> find(String group, String version, String plural) {
        return Optional.ofNullable(types.get(key(group, version, plural)));
    }

    Collection<ResourceType> all() {
        return types.values();
    }

    /** Serves every version of a CustomResourceDefinition; one that was served under that name is replaced. */
    void define(JsonNode crd) {
        forget(crd);
        JsonNode spec = crd.path("spec");
        JsonNode names = spec.path("names");
        for (JsonNode version : spec.path("versions")) {
            if (version.path("served").asBoolean()) {
                add(new ResourceType(
                        spec.path("group").asText(),
                        version.path("name").asText(),
                        names.path("kind").asText(),
                        names.path("plural").asText(),
                        names.path("singular").asText(),
                        texts(names.path("shortNames")),
                        texts(names.path("categories")),
                        spec.path("scope").asText().equals("Namespaced"),
                        version.path("subresources").has("status"),
                        version));
            }
        }
    }

    void forget(JsonNode crd) {
        String group = crd.path("spec").path("group").asText();
        String plural = crd.path("spec").path("names").path("plural").asText();
        types.values()
                .removeIf(type -> type.isCustom()
                        && type.group().equals(group)
                        && type.plural().equals(plural));
    }

    private void add(ResourceType type) {
        types.put(key(type.group(), type.version(), type.plural()), type);
    }

    private static String key(String group, String version, String plural) {
        return group + "/" + version + "/" + plural;
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(item -> texts.add(item.asText()));
        return List.copyOf(texts);
    }
}
