package io.pgmosaic.local.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;

import java.util.List;

/**
 * One served kind.
 *
 * @param group API group, empty for the core group
 * @param statusSubresource whether status is written only through {@code /status}
 * @param definition the version's entry of the CustomResourceDefinition, or a missing node for a built-in kind
 */
record ResourceType(
        String group,
        String version,
        String kind,
        String plural,
        String singular,
        List<String> shortNames,
        List<String> categories,
        boolean namespaced,
        boolean statusSubresource,
        JsonNode definition) {

    static ResourceType builtIn(String apiVersion, String kind, String plural, boolean namespaced, String... shorts) {
        int slash = apiVersion.indexOf('/');
        String group = slash < 0 ? "" : apiVersion.substring(0, slash);
        boolean hasStatus = WITH_STATUS.contains(kind);
        return new ResourceType(
                group,
                apiVersion.substring(slash + 1),
                kind,
                plural,
                kind.toLowerCase(java.util.Locale.ROOT),
                List.of(shorts),
                List.of(),
                namespaced,
                hasStatus,
                MissingNode.getInstance());
    }

    private static final List<String> WITH_STATUS = List.of(
            "Pod",
            "Service",
            "PersistentVolumeClaim",
            "PersistentVolume",
            "Namespace",
            "Node",
            "StatefulSet",
            "Deployment",
            "ReplicaSet",
            "DaemonSet",
            "Job",
            "PodDisruptionBudget",
            "CustomResourceDefinition");

    boolean isCustom() {
        return !definition.isMissingNode();
    }

    /** {@code group/version}, or {@code v1} for the core group. */
    String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    /** {@code statefulsets.apps}: how error messages name the kind. */
    String qualifiedName() {
        return group.isEmpty() ? plural : plural + "." + group;
    }

    /** The schema of one object; missing for built-in kinds. */
    JsonNode schema() {
        return definition.path("schema").path("openAPIV3Schema");
    }
}
