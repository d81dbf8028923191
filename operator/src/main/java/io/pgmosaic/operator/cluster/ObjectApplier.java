package io.pgmosaic.operator.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Applies desired objects by server-side apply. An object that is as it was applied is not sent again, except from time to
 * time, in case somebody changed what no watch shows.
 */
public final class ObjectApplier {
    public static final String FIELD_MANAGER = "pgmosaic-operator";

    private static final Duration REAPPLY = Duration.ofMinutes(5);

    private record ObjectKey(String kind, String namespace, String name) {}

    private record Applied(
            String desired, String uid, @Nullable Long generation, Instant at) {}

    private final KubernetesClient client;
    private final Clock clock;
    private final Map<ObjectKey, Applied> applied = new ConcurrentHashMap<>();

    public ObjectApplier(KubernetesClient client, Clock clock) {
        this.client = client;
        this.clock = clock;
    }

    /**
     * Applies the object unless it is known to be so.
     *
     * @param present the object as a watch last showed it; null when it showed none
     * @return the object's generation then; null when objects of its kind have none
     * @throws ProblemException when an object of that name belongs to somebody else
     */
    @Nullable
    Long apply(HasMetadata desired, @Nullable HasMetadata present) throws ProblemException {
        ObjectKey key = new ObjectKey(
                desired.getKind(),
                desired.getMetadata().getNamespace(),
                desired.getMetadata().getName());
        Applied last = applied.get(key);
        String text = client.getKubernetesSerialization().asJson(desired);
        if (last != null
                && present != null
                && last.desired().equals(text)
                && last.uid().equals(present.getMetadata().getUid())
                && Objects.equals(last.generation(), present.getMetadata().getGeneration())
                && clock.instant().isBefore(last.at().plus(REAPPLY))) {
            return last.generation();
        }
        if (last == null) {
            requireOwn(desired);
        }
        HasMetadata result = client.resource(desired)
                .fieldManager(FIELD_MANAGER)
                .forceConflicts()
                .serverSideApply();
        applied.put(
                key,
                new Applied(
                        text,
                        result.getMetadata().getUid(),
                        result.getMetadata().getGeneration(),
                        clock.instant()));
        return result.getMetadata().getGeneration();
    }

    /** Two clusters can come to the same name: shard a-b of orders and shard b of orders-a. */
    private void requireOwn(HasMetadata desired) throws ProblemException {
        HasMetadata found = client.resource(desired).get();
        if (found != null) {
            Ownership.require(desired.getMetadata().getOwnerReferences(), found);
        }
    }
}
