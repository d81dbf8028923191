package io.pgmosaic.operator.admission;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.admission.v1.AdmissionResponse;

/** Answers the request of an AdmissionReview; may block. */
@FunctionalInterface
public interface Webhook {
    /**
     * @param request the member {@code request}
     * @return without the uid, which is filled in
     */
    AdmissionResponse answer(JsonNode request);
}
