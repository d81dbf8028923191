package io.pgmosaic.operator.admission;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.pgmosaic.operator.access.RecentAnswers;
import io.pgmosaic.operator.event.EventRecorder;
import org.jboss.logging.Logger;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Tells of pods that got no router: to whoever made the pod, since a warning reaches nobody when that is a controller, and
 * the pod is not there yet to have Events.
 */
public final class InjectionRefusals implements InjectionWebhook.Refusals {
    private static final Logger LOG = Logger.getLogger(InjectionRefusals.class);

    /** A controller that makes a hundred pods, or one again and again, is told once in so long. */
    private static final Duration QUIET = Duration.ofMinutes(5);

    private static final int MOST_REMEMBERED = 1_000;

    /** Events in that time, of all controllers; whoever reaches the webhook could name any number of them. */
    private static final int MOST_TOLD = 200;

    private final EventRecorder events;
    private final Clock clock;
    private final RecentAnswers<Boolean> told;
    private Instant since = Instant.EPOCH;
    private int count;

    /**
     * @param clock for durations
     */
    public InjectionRefusals(EventRecorder events, Clock clock) {
        this.events = events;
        this.clock = clock;
        this.told = new RecentAnswers<>(clock, yes -> QUIET, MOST_REMEMBERED);
    }

    @Override
    public void refused(JsonNode pod, String namespace, String warning) {
        for (JsonNode owner : pod.at("/metadata/ownerReferences")) {
            if (owner.path("controller").asBoolean()) {
                tell(owner, namespace, warning);
                return;
            }
        }
        LOG.warnf("a pod in namespace %s: %s", namespace, warning);
    }

    private void tell(JsonNode owner, String namespace, String warning) {
        AtomicBoolean isNew = new AtomicBoolean();
        told.get(owner.path("uid").asText() + " " + warning, () -> {
            isNew.set(true);
            return true;
        });
        if (isNew.get() && mayTell()) {
            events.record(about(owner, namespace), EventRecorder.Kind.WARNING, "RouterNotInjected", warning);
        }
    }

    private synchronized boolean mayTell() {
        Instant now = clock.instant();
        if (now.isAfter(since.plus(QUIET))) {
            since = now;
            count = 0;
        }
        return ++count <= MOST_TOLD;
    }

    private static GenericKubernetesResource about(JsonNode owner, String namespace) {
        GenericKubernetesResource controller = new GenericKubernetesResource();
        controller.setApiVersion(owner.path("apiVersion").asText());
        controller.setKind(owner.path("kind").asText());
        controller.setMetadata(new ObjectMetaBuilder()
                .withNamespace(namespace)
                .withName(owner.path("name").asText())
                .withUid(owner.path("uid").asText())
                .build());
        return controller;
    }
}
