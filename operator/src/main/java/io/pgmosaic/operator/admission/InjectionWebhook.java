package io.pgmosaic.operator.admission;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.admission.v1.AdmissionResponse;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.pgmosaic.operator.ClusterKey;
import io.pgmosaic.operator.injection.PatchOperation;
import io.pgmosaic.operator.injection.RouterInjection;
import io.pgmosaic.operator.injection.RouterTemplate;
import io.pgmosaic.operator.injection.Verdict;
import org.jboss.logging.Logger;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Predicate;

/** Gives a new pod the router that it asks for. It lets every pod in. */
public final class InjectionWebhook implements Webhook {
    /** Hears of pods that ask for a router and get none. */
    @FunctionalInterface
    public interface Refusals {
        /**
         * @param pod as it was sent; it does not exist yet and may have no name
         */
        void refused(JsonNode pod, String namespace, String warning);
    }

    private static final Logger LOG = Logger.getLogger(InjectionWebhook.class);

    /** Only what a pod is made of is written, by Jackson's rules for these classes. */
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Predicate<ClusterKey> exists;
    private final RouterTemplate template;
    private final Refusals refusals;
    private final Counter given;
    private final Counter refused;

    /**
     * @param exists whether this operator knows a cluster; may ask the Kubernetes API
     */
    public InjectionWebhook(
            Predicate<ClusterKey> exists, RouterTemplate template, Refusals refusals, MeterRegistry registry) {
        this.exists = exists;
        this.template = template;
        this.refusals = refusals;
        this.given = counter(registry, "injected");
        this.refused = counter(registry, "refused");
    }

    private static Counter counter(MeterRegistry registry, String outcome) {
        return Counter.builder("pgmosaic.router.injections")
                .description("Pods that asked for a router")
                .tag("outcome", outcome)
                .register(registry);
    }

    @Override
    public AdmissionResponse answer(JsonNode request) {
        JsonNode pod = request.path("object");
        String namespace = request.path("namespace").asText();
        AdmissionResponse response = new AdmissionResponse();
        response.setAllowed(true);
        switch (RouterInjection.decide(pod, namespace, exists, template)) {
            case Verdict.NotAsked notAsked -> LOG.debug("a pod without a wish was sent");
            case Verdict.Refused(String warning) -> {
                response.setWarnings(List.of(warning));
                refused.increment();
                if (!request.path("dryRun").asBoolean()) {
                    refusals.refused(pod, namespace, warning);
                }
            }
            case Verdict.Injected(ClusterKey cluster, List<PatchOperation> patch) -> {
                if (!patch.isEmpty()) {
                    given.increment();
                    response.setPatchType("JSONPatch");
                    response.setPatch(encode(patch));
                }
                LOG.debugf("a pod in %s gets a router of %s, by %d additions", namespace, cluster, patch.size());
            }
        }
        return response;
    }

    private static String encode(List<PatchOperation> patch) {
        try {
            return Base64.getEncoder()
                    .encodeToString(JSON.writeValueAsString(patch).getBytes(StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a patch is made of what can be written", e);
        }
    }
}
