package io.pgmosaic.operator.split.run;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pgmosaic.api.v1alpha1.split.ShardSplit;
import io.pgmosaic.api.v1alpha1.split.ShardSplitStatus;
import io.pgmosaic.api.v1alpha1.split.SplitPhase;
import io.pgmosaic.operator.event.EventRecorder;
import io.pgmosaic.operator.split.status.SplitReport;
import io.pgmosaic.operator.split.status.SplitStatuses;
import org.jboss.logging.Logger;

import java.net.HttpURLConnection;
import java.time.Clock;
import java.util.Objects;
import java.util.Optional;

/** Writes what a person reads: the status of splits, and an event for each phase. What cannot be written is told later. */
final class SplitTeller {
    private static final Logger LOG = Logger.getLogger(SplitTeller.class);

    private final KubernetesClient client;
    private final EventRecorder events;
    private final Clock clock;

    SplitTeller(KubernetesClient client, EventRecorder events, Clock clock) {
        this.client = client;
        this.events = events;
        this.clock = clock;
    }

    /** Whether a split of which there is no record was recorded once. */
    boolean hasBegun(ShardSplit split) {
        return find(split).map(ShardSplit::getStatus).stream()
                .flatMap(status -> status.history().stream())
                .anyMatch(phase -> phase.phase() != SplitPhase.PENDING);
    }

    void tell(SplitKey key, SplitReport report) {
        change(key, split -> {
            ShardSplitStatus before = split.getStatus();
            ShardSplitStatus after =
                    SplitStatuses.after(before, split.getMetadata().getGeneration(), report, clock.instant());
            if (before.phase() != report.phase()) {
                events.record(
                        split,
                        report.needsPerson().isEmpty() ? EventRecorder.Kind.NORMAL : EventRecorder.Kind.WARNING,
                        SplitStatuses.reason(report.phase()),
                        report.message());
            }
            return after;
        });
    }

    /** What went wrong just now; the phase stays. */
    void trouble(SplitKey key, String message) {
        change(key, split -> {
            SplitPhase phase = Objects.requireNonNullElse(split.getStatus().phase(), SplitPhase.PENDING);
            return SplitStatuses.after(
                    split.getStatus(),
                    split.getMetadata().getGeneration(),
                    SplitReport.of(phase, message + "; it is tried again"),
                    clock.instant());
        });
    }

    /** Counts an attempt to hand the keys over. */
    void attempted(SplitKey key, long pauseMillis, boolean done, String message) {
        change(key, split -> {
            events.record(
                    split,
                    done ? EventRecorder.Kind.NORMAL : EventRecorder.Kind.WARNING,
                    done ? "HandedOver" : "CutOverGivenUp",
                    message);
            return SplitStatuses.attempted(split.getStatus(), pauseMillis, done, clock.instant());
        });
    }

    /** The soak time counts from when it was first seen that the keys have changed hands. */
    void switched(SplitKey key, ShardSplit seen) {
        if (seen.getStatus().switchedAt() == null) {
            change(key, split -> SplitStatuses.switched(split.getStatus(), clock.instant()));
        }
    }

    private interface StatusChange {
        ShardSplitStatus of(ShardSplit split);
    }

    private void change(SplitKey key, StatusChange change) {
        try {
            for (int conflicts = 0; conflicts < 5; conflicts++) {
                ShardSplit present = client.resources(ShardSplit.class)
                        .inNamespace(key.namespace())
                        .withName(key.name())
                        .get();
                if (present == null || !key.uid().equals(present.getMetadata().getUid())) {
                    return;
                }
                ShardSplitStatus before = present.getStatus();
                ShardSplitStatus after = change.of(present);
                if (after.equals(before) || store(present, after)) {
                    return;
                }
            }
        } catch (KubernetesClientException e) {
            LOG.warnf("the status of %s cannot be written now: %s", key, e.getMessage());
        }
    }

    private boolean store(ShardSplit split, ShardSplitStatus status) {
        split.setStatus(status);
        try {
            client.resource(split).updateStatus();
            return true;
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
                return false;
            }
            throw e;
        }
    }

    private Optional<ShardSplit> find(ShardSplit split) {
        return Optional.ofNullable(client.resource(split).get());
    }
}
