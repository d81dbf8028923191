package io.pgmosaic.local.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Optional;

/** Answers a client's question what it may do: everything. Nothing is stored. */
final class AccessReviews {
    private static final String AUTHORIZATION = "/apis/authorization.k8s.io/v1/";

    private AccessReviews() {}

    /** The answered review; empty when the path is no review's. */
    static Optional<JsonNode> answer(String path, String body) {
        if (!path.startsWith(AUTHORIZATION) || !(Requests.read(body) instanceof ObjectNode review)) {
            return Optional.empty();
        }
        ObjectNode status = review.putObject("status");
        switch (path.substring(AUTHORIZATION.length())) {
            case "selfsubjectaccessreviews", "subjectaccessreviews" -> status.put("allowed", true);
            case "selfsubjectrulesreviews" -> {
                status.put("incomplete", false);
                status.putArray("nonResourceRules");
                ObjectNode rule = status.putArray("resourceRules").addObject();
                for (String field : List.of("verbs", "apiGroups", "resources")) {
                    rule.putArray(field).add("*");
                }
            }
            default -> {
                return Optional.empty();
            }
        }
        return Optional.of(review);
    }
}
