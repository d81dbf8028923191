package io.pgmosaic.operator.cluster;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pgmosaic.operator.ClusterKey;
import io.pgmosaic.operator.desired.ClusterNames;
import io.pgmosaic.operator.observe.InstanceKey;
import io.pgmosaic.operator.observe.SetbackEvents;
import io.pgmosaic.operator.observe.SetbackEvents.Stage;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * What Events say keeps an instance's pod from being made or started. They are listed only while that is so, and beside the
 * pass, which takes the last answer and never waits: it may be one of a failover.
 */
final class Setbacks {
    private static final Logger LOG = Logger.getLogger(Setbacks.class);

    private static final Duration FRESH = Duration.ofSeconds(5);

    /** For an API that does not answer, or does not permit the question. */
    private static final Duration RETRY = Duration.ofMinutes(1);

    private record Answer(
            Stage stage, @Nullable String podUid, @Nullable String problem, Instant goodUntil) {}

    private final KubernetesClient client;
    private final Consumer<ClusterKey> onNews;
    private final Clock clock;
    private final Map<InstanceKey, Answer> answers = new ConcurrentHashMap<>();

    /**
     * @param onNews called when an answer differs from the one before
     */
    Setbacks(KubernetesClient client, Consumer<ClusterKey> onNews, Clock clock) {
        this.client = client;
        this.onNews = onNews;
        this.clock = clock;
    }

    /**
     * The last answer, for a person; null when there is none yet, or nothing to tell.
     *
     * @param workload the shard's StatefulSet
     * @param pod null when there is none
     * @param since older Events are about something else of the same name
     */
    @Nullable
    String of(ClusterKey cluster, String workload, String instance, @Nullable Pod pod, Instant since) {
        InstanceKey key = new InstanceKey(cluster, instance);
        Instant now = clock.instant();
        Optional<Stage> stage = SetbackEvents.stage(pod, now);
        if (stage.isEmpty()) {
            answers.remove(key);
            return null;
        }
        String uid = pod == null ? null : pod.getMetadata().getUid();
        Answer known = answers.get(key);
        if (known != null && !(known.stage() == stage.get() && Objects.equals(known.podUid(), uid))) {
            known = null;
        }
        String problem = known == null ? null : known.problem();
        if (known == null || !now.isBefore(known.goodUntil())) {
            answers.values().removeIf(answer -> now.isAfter(answer.goodUntil().plus(RETRY)));
            Answer pending = new Answer(stage.get(), uid, problem, now.plus(RETRY));
            answers.put(key, pending);
            String about =
                    switch (stage.get()) {
                        case TO_BE_MADE -> workload;
                        case TO_BE_SCHEDULED -> ClusterNames.volumeClaim(instance);
                        case TO_BE_STARTED -> instance;
                    };
            Thread.ofVirtual().name("setbacks-of-" + instance).start(() -> ask(key, pending, about, since));
        }
        return problem;
    }

    private void ask(InstanceKey key, Answer pending, String about, Instant since) {
        String problem = pending.problem();
        Duration goodFor = FRESH;
        try {
            problem = SetbackEvents.problem(
                    pending.stage(), pending.podUid(), events(key, pending.stage(), about), since);
        } catch (KubernetesClientException e) {
            goodFor = RETRY;
            LOG.warnf(
                    "the events about %s %s cannot be read: %s", pending.stage().kind(), about, e.getMessage());
        }
        Answer answer = new Answer(
                pending.stage(), pending.podUid(), problem, clock.instant().plus(goodFor));
        if (answers.replace(key, pending, answer) && !Objects.equals(problem, pending.problem())) {
            onNews.accept(key.cluster());
        }
    }

    private List<Event> events(InstanceKey key, Stage stage, String about) {
        return client.v1()
                .events()
                .inNamespace(key.cluster().namespace())
                .withField("involvedObject.kind", stage.kind())
                .withField("involvedObject.name", about)
                .list()
                .getItems();
    }
}
