package io.pgmosaic.local.pods;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** What has become of a container so far, in the words of its status. */
final class ContainerRecord {
    private final Container container;
    private final Runnable changed;
    private ContainerState state = new ContainerStateBuilder()
            .withNewWaiting()
            .withReason("ContainerCreating")
            .endWaiting()
            .build();
    private @Nullable ContainerState last;
    private long pid;
    private int starts;
    private boolean started;
    private boolean ready;
    private String since = "";

    ContainerRecord(Container container, Runnable changed) {
        this.container = container;
        this.changed = changed;
    }

    synchronized ContainerStatus status() {
        return new ContainerStatusBuilder()
                .withName(container.getName())
                .withImage(container.getImage())
                .withImageID(container.getImage())
                .withContainerID(pid == 0 ? null : containerId(pid))
                .withState(state)
                .withLastState(last == null ? new ContainerState() : last)
                .withRestartCount(Math.max(0, starts - 1))
                .withStarted(started)
                .withReady(ready)
                .build();
    }

    void waiting(String reason, String message) {
        update(() -> {
            if (state.getTerminated() != null) {
                last = state;
            }
            started = false;
            ready = false;
            state = new ContainerStateBuilder()
                    .withNewWaiting()
                    .withReason(reason)
                    .withMessage(message)
                    .endWaiting()
                    .build();
        });
    }

    void running(long process, boolean isStarted, boolean isReady) {
        update(() -> {
            if (state.getTerminated() != null) {
                last = state;
            }
            pid = process;
            starts++;
            since = now();
            started = isStarted;
            ready = isStarted && isReady;
            state = new ContainerStateBuilder()
                    .withNewRunning()
                    .withStartedAt(since)
                    .endRunning()
                    .build();
        });
    }

    void terminated(int code) {
        update(() -> {
            started = false;
            ready = false;
            state = new ContainerStateBuilder()
                    .withNewTerminated()
                    .withExitCode(code)
                    .withReason(code == 0 ? "Completed" : "Error")
                    .withContainerID(containerId(pid))
                    .withStartedAt(since)
                    .withFinishedAt(now())
                    .endTerminated()
                    .build();
        });
    }

    void started() {
        update(() -> {
            started = state.getRunning() != null;
            ready = started && container.getReadinessProbe() == null;
        });
    }

    /** A verdict on the process {@code probed}; one that comes after its end is not one on its successor. */
    void ready(long probed, boolean isReady) {
        update(() -> ready = probed == pid && state.getRunning() != null && isReady);
    }

    synchronized boolean isStarted() {
        return started;
    }

    synchronized boolean hasEnded() {
        return state.getTerminated() != null;
    }

    synchronized boolean isBackingOff() {
        return state.getWaiting() != null && state.getWaiting().getReason().contains("Pull");
    }

    /** Tells the listener although nothing changed here. */
    void touch() {
        changed.run();
    }

    private void update(Runnable change) {
        synchronized (this) {
            change.run();
        }
        changed.run();
    }

    private static String now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** How a status names the process that stands for a container. */
    static String containerId(long pid) {
        return "process://" + pid;
    }
}
