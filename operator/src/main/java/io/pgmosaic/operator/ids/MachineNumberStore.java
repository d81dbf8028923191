package io.pgmosaic.operator.ids;

import io.pgmosaic.operator.ClusterKey;
import org.jspecify.annotations.Nullable;

import java.util.Map;

/** Where machine numbers are recorded. The methods throw a KubernetesClientException when the API does not do it. */
interface MachineNumberStore {
    /**
     * What is recorded.
     *
     * @param version to be handed back with a change; null when there is no record yet
     */
    record Recorded(@Nullable String version, Map<String, String> data) {
        public Recorded {
            data = Map.copyOf(data);
        }
    }

    /** @throws UnavailableException when there is no such cluster, or the record belongs to another one */
    Recorded read(ClusterKey cluster) throws UnavailableException;

    /**
     * Adds to the record, or replaces in it.
     *
     * @return false when it was changed since it was read, and nothing was done
     */
    boolean write(ClusterKey cluster, @Nullable String version, Map<String, String> changes)
            throws UnavailableException;
}
