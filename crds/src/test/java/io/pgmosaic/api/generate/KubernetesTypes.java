package io.pgmosaic.api.generate;

import java.util.List;

/** The fields whose types are Kubernetes' own; its reference describes what is below them. */
final class KubernetesTypes {
    static final List<String> FIELDS = List.of(
            "spec.failover.fencingJob.template",
            "spec.resources",
            "spec.scheduling.affinity",
            "spec.scheduling.tolerations",
            "spec.scheduling.topologySpreadConstraints",
            "status.conditions");

    private KubernetesTypes() {}

    /** Whether a path is below one of these fields. */
    static boolean inside(String path) {
        return FIELDS.stream().anyMatch(field -> path.startsWith(field + ".") || path.startsWith(field + "[]"));
    }
}
