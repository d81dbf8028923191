package io.pgmosaic.operator.injection;

import io.fabric8.kubernetes.api.model.KeyToPathBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import io.fabric8.kubernetes.api.model.VolumeProjectionBuilder;
import io.pgmosaic.operator.ClusterKey;
import io.pgmosaic.operator.access.ServiceAccountTokens;
import io.pgmosaic.operator.desired.ClusterNames;
import io.pgmosaic.operator.desired.CredentialKeys;

import java.util.List;

/** Who the router is and whom it trusts, and what it keeps. */
final class RouterVolumes {
    static final String IDENTITY = "pgmosaic-router-identity";
    static final String STATE = "pgmosaic-router-state";

    /** The annotation from which a pod of another namespace, where the cluster's Secret is not, takes the authority. */
    static final String AUTHORITY_ANNOTATION = "pgmosaic.io/topology-ca";

    /** Seconds; the kubelet renews a token after four fifths of them. */
    private static final long TOKEN_LIFETIME = 3_600;

    private static final String AUTHORITY_FILE = "ca.crt";

    /** Keys of causal tokens; and what a router needs to ask databases: whom to trust there, and its password. */
    private static final List<String> OPTIONAL_FILES = List.of("causal-keys", "postgres-ca.crt", CredentialKeys.ROUTER);

    private RouterVolumes() {}

    /**
     * @param namespace the pod's
     */
    static List<Volume> of(ClusterKey cluster, String namespace) {
        return List.of(
                new VolumeBuilder()
                        .withName(IDENTITY)
                        .withNewProjected()
                        .withSources(sources(cluster, namespace))
                        .endProjected()
                        .build(),
                new VolumeBuilder()
                        .withName(STATE)
                        .withNewEmptyDir()
                        .endEmptyDir()
                        .build());
    }

    static boolean isAtHome(ClusterKey cluster, String namespace) {
        return cluster.namespace().equals(namespace);
    }

    private static List<VolumeProjection> sources(ClusterKey cluster, String namespace) {
        return isAtHome(cluster, namespace)
                ? List.of(token(), fromSecret(cluster), optional(cluster))
                : List.of(token(), fromAnnotation());
    }

    /** Optional, since a Secret that an earlier operator made lacks some until this one comes by; the pod starts all the same. */
    private static VolumeProjection optional(ClusterKey cluster) {
        return new VolumeProjectionBuilder()
                .withNewSecret()
                .withName(ClusterNames.router(cluster.name()))
                .withOptional(true)
                .withItems(OPTIONAL_FILES.stream()
                        .map(file -> new KeyToPathBuilder()
                                .withKey(file)
                                .withPath(file)
                                .build())
                        .toList())
                .endSecret()
                .build();
    }

    private static VolumeProjection token() {
        return new VolumeProjectionBuilder()
                .withNewServiceAccountToken()
                .withAudience(ServiceAccountTokens.AUDIENCE)
                .withExpirationSeconds(TOKEN_LIFETIME)
                .withPath("token")
                .endServiceAccountToken()
                .build();
    }

    /** The authority alone: the token in the same Secret is for those who have no ServiceAccount. */
    private static VolumeProjection fromSecret(ClusterKey cluster) {
        return new VolumeProjectionBuilder()
                .withNewSecret()
                .withName(ClusterNames.router(cluster.name()))
                .addNewItem()
                .withKey(AUTHORITY_FILE)
                .withPath(AUTHORITY_FILE)
                .endItem()
                .endSecret()
                .build();
    }

    private static VolumeProjection fromAnnotation() {
        return new VolumeProjectionBuilder()
                .withNewDownwardAPI()
                .addNewItem()
                .withPath(AUTHORITY_FILE)
                .withNewFieldRef()
                .withApiVersion("v1")
                .withFieldPath("metadata.annotations['" + AUTHORITY_ANNOTATION + "']")
                .endFieldRef()
                .endItem()
                .endDownwardAPI()
                .build();
    }
}
