package io.pgmosaic.local.pods;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Probe;
import io.pgmosaic.local.platform.ProcessFamily;
import io.pgmosaic.local.platform.Spawner.Launch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Runs one container for as long as its pod lives: starts it, probes it, starts it again after it has ended as far as
 * the restart policy says so.
 */
final class ContainerRunner {
    private static final Logger LOG = LoggerFactory.getLogger(ContainerRunner.class);
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(60);

    private final Container container;
    private final Sandbox sandbox;
    private final String restartPolicy;
    private final Duration grace;
    private final ContainerRecord record;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final CountDownLatch done = new CountDownLatch(1);
    private volatile @Nullable ProcessFamily process;

    /**
     * A container that is not started yet.
     *
     * @param restartPolicy {@code Always}, {@code OnFailure} or {@code Never}
     * @param grace how long it may take to end when a probe wants it restarted
     * @param changed told of each change of {@link #status}
     */
    ContainerRunner(Container container, Sandbox sandbox, String restartPolicy, Duration grace, Runnable changed) {
        this.container = container;
        this.sandbox = sandbox;
        this.restartPolicy = restartPolicy;
        this.grace = grace;
        record = new ContainerRecord(container, changed);
    }

    ContainerStatus status() {
        return record.status();
    }

    String name() {
        return container.getName();
    }

    /** The running process. */
    Optional<ProcessFamily> process() {
        return Optional.ofNullable(process).filter(ProcessFamily::isAlive);
    }

    /** Whether it has ended and will not be started again. */
    boolean isDone() {
        return done.getCount() == 0;
    }

    void start() {
        Thread.ofVirtual().name("container " + name()).start(() -> {
            try {
                runUntilDone();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException e) {
                LOG.error("container {} is given up", name(), e);
                record.waiting("RunContainerError", String.valueOf(e.getMessage()));
            } finally {
                done.countDown();
                record.touch();
            }
        });
    }

    /** Ends it for good and returns when it has ended. */
    void stop(Duration within) throws InterruptedException {
        stopping.countDown();
        ProcessFamily running = process;
        if (running != null && running.isAlive()) {
            running.stop(within);
        }
        done.await();
    }

    private void runUntilDone() throws InterruptedException {
        Backoff backoff = new Backoff();
        while (stopping.getCount() > 0) {
            Instant began = Instant.now();
            int code = runOnce();
            boolean again = restartPolicy.equals("Always") || (restartPolicy.equals("OnFailure") && code != 0);
            if (!again) {
                return;
            }
            if (Duration.between(began, Instant.now()).compareTo(LONG_ENOUGH) > 0) {
                backoff.reset();
            }
            Duration wait = backoff.next();
            if (stopping.getCount() > 0 && record.hasEnded()) {
                record.waiting(
                        "CrashLoopBackOff", "back-off " + wait.toMillis() + " ms restarting container " + name());
            }
            if (stopping.await(wait.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        }
    }

    /** Starts it and waits for its end; returns its exit code, or 128 when it could not be started. */
    private int runOnce() throws InterruptedException {
        Optional<Image> image = sandbox.images().find(container.getImage());
        if (image.isEmpty()) {
            record.waiting(
                    record.isBackingOff() ? "ImagePullBackOff" : "ErrImagePull",
                    "no image \"" + container.getImage() + "\" on this machine");
            return 128;
        }
        ProcessFamily running;
        try {
            Launch launch = sandbox.launch(container, image.get(), java.util.List.of());
            running = sandbox.spawner().start(launch, sandbox.account());
        } catch (MissingReference e) {
            record.waiting("CreateContainerConfigError", String.valueOf(e.getMessage()));
            return 128;
        } catch (IllegalArgumentException | IOException e) {
            record.waiting("RunContainerError", String.valueOf(e.getMessage()));
            return 128;
        }
        process = running;
        record.running(running.pid(), container.getStartupProbe() == null, container.getReadinessProbe() == null);
        if (stopping.getCount() == 0) {
            running.stop(grace);
        }
        probe(running, new ProbeAction(sandbox, container, image.get()));
        int code = running.waitForEnd();
        record.terminated(code);
        return code;
    }

    private void probe(ProcessFamily running, ProbeAction action) {
        Thread.ofVirtual().name("probes of " + name()).start(() -> {
            try {
                Probe startup = container.getStartupProbe();
                if (startup != null) {
                    new ProbeLoop(startup, action, running.exit()).run(failure -> {
                        failure.ifPresentOrElse(why -> restart(running, "startup", why), () -> record.started());
                        return false;
                    });
                    if (!record.isStarted()) {
                        return;
                    }
                }
                Probe liveness = container.getLivenessProbe();
                if (liveness != null) {
                    Thread.ofVirtual().name("liveness of " + name()).start(() -> live(running, liveness, action));
                }
                Probe readiness = container.getReadinessProbe();
                if (readiness != null) {
                    new ProbeLoop(readiness, action, running.exit()).run(failure -> {
                        record.ready(running.pid(), failure.isEmpty());
                        return true;
                    });
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private void live(ProcessFamily running, Probe liveness, ProbeAction action) {
        try {
            new ProbeLoop(liveness, action, running.exit()).run(failure -> {
                failure.ifPresent(why -> restart(running, "liveness", why));
                return failure.isEmpty();
            });
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void restart(ProcessFamily running, String probe, String why) {
        LOG.warn("container {} failed its {} probe and is restarted: {}", name(), probe, why);
        try {
            running.stop(grace);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The last end of the container, if it has ended. */
    Optional<ContainerStateTerminated> lastEnd() {
        return Optional.ofNullable(status().getState().getTerminated());
    }
}
