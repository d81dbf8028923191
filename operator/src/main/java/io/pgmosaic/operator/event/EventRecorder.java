package io.pgmosaic.operator.event;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import org.jboss.logging.Logger;

import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Writes Events about an object, in their order, in a thread of their own: an Event that cannot be written is logged; it
 * neither fails nor delays the work it tells of.
 */
public final class EventRecorder implements AutoCloseable {
    /** Whether an event is good news or bad, as Kubernetes distinguishes. */
    public enum Kind {
        NORMAL("Normal"),
        WARNING("Warning");

        private final String word;

        Kind(String word) {
            this.word = word;
        }
    }

    private static final Logger LOG = Logger.getLogger(EventRecorder.class);
    private static final int LONGEST_MESSAGE = 1_024;
    private static final String COMPONENT = "pgmosaic-operator";
    /** No more than these wait for an API that does not take them. */
    private static final int MOST_WAITING = 1_000;

    private static final Duration PATIENCE_AT_THE_END = Duration.ofSeconds(2);

    private final KubernetesClient client;
    private final String reporter;
    private final Clock clock;
    private final ExecutorService writer = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MOST_WAITING),
            Thread.ofPlatform().daemon().name("events").factory());

    /**
     * @param reporter this operator's pod
     */
    public EventRecorder(KubernetesClient client, String reporter, Clock clock) {
        this.client = client;
        this.reporter = reporter;
        this.clock = clock;
    }

    public void record(HasMetadata about, Kind kind, String reason, String message) {
        LOG.infof("%s %s: %s", kind.word, reason, message);
        String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        Event event = new EventBuilder()
                .withNewMetadata()
                .withName(about.getMetadata().getName() + "."
                        + UUID.randomUUID().toString().substring(0, 13))
                .withNamespace(about.getMetadata().getNamespace())
                .endMetadata()
                .withNewInvolvedObject()
                .withApiVersion(about.getApiVersion())
                .withKind(about.getKind())
                .withNamespace(about.getMetadata().getNamespace())
                .withName(about.getMetadata().getName())
                .withUid(about.getMetadata().getUid())
                .endInvolvedObject()
                .withType(kind.word)
                .withReason(reason)
                .withMessage(
                        message.length() > LONGEST_MESSAGE
                                ? message.substring(0, LONGEST_MESSAGE - 3) + "..."
                                : message)
                .withFirstTimestamp(now)
                .withLastTimestamp(now)
                .withCount(1)
                .withNewSource()
                .withComponent(COMPONENT)
                .endSource()
                .withReportingComponent(COMPONENT)
                .withReportingInstance(reporter)
                .build();
        try {
            writer.execute(() -> write(event));
        } catch (RejectedExecutionException e) {
            LOG.warnf("an event is not written, too many wait or the operator ends: %s", message);
        }
    }

    private void write(Event event) {
        try {
            client.resource(event).create();
        } catch (KubernetesClientException e) {
            LOG.warnf(
                    e,
                    "an event about %s in %s could not be written: %s",
                    event.getInvolvedObject().getName(),
                    event.getMetadata().getNamespace(),
                    event.getMessage());
        }
    }

    /** Writes what waits, unless that takes more than a moment. */
    @Override
    public void close() {
        writer.shutdown();
        try {
            if (!writer.awaitTermination(PATIENCE_AT_THE_END.toMillis(), TimeUnit.MILLISECONDS)) {
                writer.shutdownNow();
            }
        } catch (InterruptedException e) {
            writer.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
