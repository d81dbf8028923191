package io.pgmosaic.operator.injection;

import io.pgmosaic.operator.ClusterKey;

import java.util.List;

/** What becomes of a pod; it is let in in any case. */
public sealed interface Verdict {
    /** It asks for no router. */
    record NotAsked() implements Verdict {}

    /**
     * It stays as it is, though it asks for a router.
     *
     * @param warning why, and what to do
     */
    record Refused(String warning) implements Verdict {}

    /**
     * It gets, or has, the router of a cluster.
     *
     * @param patch empty when it has all of it
     */
    record Injected(ClusterKey cluster, List<PatchOperation> patch) implements Verdict {
        public Injected {
            patch = List.copyOf(patch);
        }
    }
}
