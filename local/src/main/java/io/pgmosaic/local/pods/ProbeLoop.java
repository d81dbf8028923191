package io.pgmosaic.local.pods;

import io.fabric8.kubernetes.api.model.Probe;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Repeats a probe by its timings until its container has ended, and tells of each change of the verdict. */
final class ProbeLoop {
    private final Probe probe;
    private final ProbeAction action;
    private final CompletableFuture<Integer> containerEnd;

    ProbeLoop(Probe probe, ProbeAction action, CompletableFuture<Integer> containerEnd) {
        this.probe = probe;
        this.action = action;
        this.containerEnd = containerEnd;
    }

    /** Hears of verdicts. */
    @FunctionalInterface
    interface Verdict {
        /**
         * The probe's thresholds were reached, for the first time or the other way round than before.
         *
         * @param failure empty when the probe succeeds
         * @return whether to go on probing
         */
        boolean reached(Optional<String> failure) throws InterruptedException;
    }

    void run(Verdict verdict) throws InterruptedException {
        int successes = 0;
        int failures = 0;
        if (ended(seconds(probe.getInitialDelaySeconds(), 0))) {
            return;
        }
        do {
            Optional<String> failure = action.failure(probe);
            successes = failure.isEmpty() ? successes + 1 : 0;
            failures = failure.isEmpty() ? 0 : failures + 1;
            boolean reached = successes == threshold(probe.getSuccessThreshold(), 1)
                    || failures == threshold(probe.getFailureThreshold(), 3);
            if (reached && !verdict.reached(failure)) {
                return;
            }
        } while (!ended(seconds(probe.getPeriodSeconds(), 10)));
    }

    private boolean ended(Duration wait) throws InterruptedException {
        try {
            containerEnd.get(wait.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            return true;
        }
    }

    private static Duration seconds(@org.jspecify.annotations.Nullable Integer given, int fallback) {
        return Duration.ofSeconds(given == null ? fallback : given);
    }

    private static int threshold(@org.jspecify.annotations.Nullable Integer given, int fallback) {
        return given == null ? fallback : given;
    }
}
