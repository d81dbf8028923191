package io.pgmosaic.operator.admission;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.api.model.admission.v1.AdmissionResponse;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterSpec;
import io.pgmosaic.operator.validation.ClusterSpecRules;
import io.pgmosaic.operator.validation.Problem;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Refuses a ShardedCluster whose spec cannot be carried out, with the words that its conditions would have. What does not
 * change the spec is let in whatever the spec is: it was looked at when it came, or while no webhook was there.
 */
public final class ClusterWebhook implements Webhook {
    private static final int UNPROCESSABLE = 422;

    private final KubernetesSerialization json;
    private final Function<ShardedCluster, Optional<ShardedClusterSpec>> running;

    /**
     * @param running the spec with which a cluster is run, against which its conditions judge a change
     */
    public ClusterWebhook(
            KubernetesSerialization json, Function<ShardedCluster, Optional<ShardedClusterSpec>> running) {
        this.json = json;
        this.running = running;
    }

    @Override
    public AdmissionResponse answer(JsonNode request) {
        JsonNode object = request.path("object");
        boolean isAsBefore =
                object.path("spec").equals(request.path("oldObject").path("spec"));
        boolean isGoing = object.at("/metadata/deletionTimestamp").isTextual();
        List<Problem> problems =
                request.path("oldObject").isObject() && (isAsBefore || isGoing) ? List.of() : problems(object);
        AdmissionResponse response = new AdmissionResponse();
        response.setAllowed(problems.isEmpty());
        if (!problems.isEmpty()) {
            response.setStatus(new StatusBuilder()
                    .withCode(UNPROCESSABLE)
                    .withReason("Invalid")
                    .withMessage(problems.stream().map(Problem::toString).collect(Collectors.joining("; ")))
                    .build());
        }
        return response;
    }

    private List<Problem> problems(JsonNode object) {
        ShardedCluster cluster = json.convertValue(object, ShardedCluster.class);
        return ClusterSpecRules.problems(
                cluster,
                cluster.getMetadata().getUid() == null
                        ? null
                        : running.apply(cluster).orElse(null));
    }
}
