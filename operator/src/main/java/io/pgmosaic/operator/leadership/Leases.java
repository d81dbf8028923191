package io.pgmosaic.operator.leadership;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import org.jspecify.annotations.Nullable;

/** The Lease as the Kubernetes API stores it. Each method throws a KubernetesClientException when it is not done. */
interface Leases {
    /** Null when there is none yet. */
    @Nullable
    Lease read();

    /** Fails when somebody created it before. */
    void create(Lease lease);

    /** Fails when it was changed since this resource version. */
    void replace(Lease lease);
}
