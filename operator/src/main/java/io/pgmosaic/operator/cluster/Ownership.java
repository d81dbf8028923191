package io.pgmosaic.operator.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;

import java.util.List;

/** Whose an object is. */
final class Ownership {
    private Ownership() {}

    /**
     * Passes when the object has no controller, or one of {@code owners}.
     *
     * @throws ProblemException when it has another: a cluster of the same name that was deleted and is being cleaned up, or
     *     one whose names collide with this one's
     */
    static void require(List<OwnerReference> owners, HasMetadata found) throws ProblemException {
        for (OwnerReference reference : found.getMetadata().getOwnerReferences()) {
            boolean ours = owners.stream().anyMatch(owner -> owner.getUid().equals(reference.getUid()));
            if (Boolean.TRUE.equals(reference.getController()) && !ours) {
                throw new ProblemException(
                        found.getKind() + " " + found.getMetadata().getName() + " belongs to "
                                + reference.getKind() + " " + reference.getName() + " (uid " + reference.getUid()
                                + "). If that was deleted, its objects go by themselves and this cluster is made then; if not,"
                                + " give this cluster or its shards other names");
            }
        }
    }
}
