package io.pgmosaic.local.chaos;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pgmosaic.api.v1alpha1.split.ShardSplit;
import io.pgmosaic.api.v1alpha1.split.SplitPhase;
import io.pgmosaic.local.chaos.Injector.Blow;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/** Declares one split, breaks things in its phases, lets it go on or takes it back, and waits for its end. */
final class SplitAct {
    private static final Duration LIMIT = Duration.ofMinutes(4);

    private final Patient patient;
    private final Injector injector;
    private final SplitTurn turn;
    private final Split split;
    private final Consumer<String> log;

    /**
     * What is declared.
     *
     * @param targets names, of which the source may be one; the last is the one that faults hit
     */
    record Split(String name, String source, List<String> targets, long bytesPerSecond) {
        Split {
            targets = List.copyOf(targets);
        }
    }

    SplitAct(Patient patient, SplitTurn turn, Split split, Consumer<String> log) {
        this.patient = patient;
        this.injector = new Injector(patient);
        this.turn = turn;
        this.split = split;
        this.log = log;
    }

    /** @return how it ended: completed or rolled back */
    SplitPhase run() throws InterruptedException, Waiting.TooLong, IOException {
        KubernetesClient client = patient.local().client();
        client.resource(declared()).create();
        try (SplitWatch watch = new SplitWatch(client, Patient.NAMESPACE, split.name(), log);
                ExecutorService hands = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> started = new ArrayList<>();
            for (SplitFault fault : turn.faults()) {
                started.add(hands.submit(() -> {
                    if (fault.phase() != SplitPhase.AWAITING_APPROVAL && fault.phase() != SplitPhase.SOAKING) {
                        bring(watch, fault);
                    }
                    return null;
                }));
            }
            started.add(hands.submit(() -> {
                guide(watch);
                return null;
            }));
            SplitPhase end = watch.awaitEnd(LIMIT);
            for (Future<?> hand : started) {
                hand.get();
            }
            return end;
        } catch (ExecutionException e) {
            throw new IOException("a fault could not be carried out", e.getCause());
        }
    }

    private ShardSplit declared() {
        String yaml = """
                apiVersion: pgmosaic.io/v1alpha1
                kind: ShardSplit
                metadata: {name: %s, namespace: %s}
                spec:
                  cluster: {name: %s}
                  source: %s
                  targets: [{name: %s}]
                  soakTime: 1h
                  throttle: {bytesPerSecond: %d}
                  cutOver: {approval: Manual, maxAttempts: 100, maxWritePause: 1s}
                """.formatted(
                        split.name(),
                        Patient.NAMESPACE,
                        Patient.NAME,
                        split.source(),
                        String.join("}, {name: ", split.targets()),
                        split.bytesPerSecond());
        return patient.local().client().getKubernetesSerialization().unmarshal(yaml, ShardSplit.class);
    }

    /** The phases that last until somebody wants otherwise are over when their faults are. */
    private void guide(SplitWatch watch) throws InterruptedException, Waiting.TooLong, IOException {
        if (turn.undoneIn() != null
                && turn.undoneIn() != SplitPhase.AWAITING_APPROVAL
                && turn.undoneIn() != SplitPhase.SOAKING
                && turn.undoneIn() != SplitPhase.SWITCHING) {
            undo(watch, turn.undoneIn());
            return;
        }
        if (!bringAll(watch, SplitPhase.AWAITING_APPROVAL)) {
            return;
        }
        if (turn.undoneIn() == SplitPhase.AWAITING_APPROVAL) {
            undo(watch, SplitPhase.AWAITING_APPROVAL);
            return;
        }
        patch("{\"spec\": {\"cutOver\": {\"approved\": true}}}");
        if (turn.undoneIn() == SplitPhase.SWITCHING) {
            undo(watch, SplitPhase.SWITCHING);
            return;
        }
        if (!bringAll(watch, SplitPhase.SOAKING)) {
            return;
        }
        if (turn.undoneIn() == SplitPhase.SOAKING) {
            undo(watch, SplitPhase.SOAKING);
        } else {
            patch("{\"spec\": {\"soakTime\": \"0s\"}}");
        }
    }

    private void undo(SplitWatch watch, SplitPhase phase) throws InterruptedException, Waiting.TooLong {
        if (watch.await(phase, LIMIT)) {
            log.accept("  a rollback is asked for, in " + phase);
            patch("{\"spec\": {\"rollback\": true}}");
        }
    }

    private boolean bringAll(SplitWatch watch, SplitPhase phase)
            throws InterruptedException, Waiting.TooLong, IOException {
        for (SplitFault fault : turn.faults()) {
            if (fault.phase() == phase) {
                bring(watch, fault);
            }
        }
        return watch.await(phase, LIMIT);
    }

    private void bring(SplitWatch watch, SplitFault fault) throws InterruptedException, Waiting.TooLong, IOException {
        if (!watch.await(fault.phase(), LIMIT)) {
            log.accept("  the split ended without this: " + fault);
            return;
        }
        Injector.pause(fault.after().toNanos());
        try {
            Blow blow = injector.prepare(
                    fault.at(number(split.source()), number(split.targets().getLast())));
            log.accept("  " + fault.phase() + ": " + blow);
            injector.carryOut(blow);
            log.accept("  " + fault.phase() + ": " + blow + " is over");
        } catch (NoSuchElementException e) {
            log.accept("  nothing to break: " + e.getMessage() + " for " + fault);
        } catch (KubernetesClientException e) {
            log.accept("  nobody tells what to break: " + e.getMessage() + " for " + fault);
        }
    }

    private static int number(String shard) {
        return Integer.parseInt(shard.substring(1));
    }

    /** The API may be away for a while. */
    private void patch(String change) throws Waiting.TooLong, InterruptedException {
        Waiting.until(LIMIT, () -> {
            try {
                patient.local()
                        .client()
                        .resources(ShardSplit.class)
                        .inNamespace(Patient.NAMESPACE)
                        .withName(split.name())
                        .patch(change);
                return Optional.empty();
            } catch (KubernetesClientException e) {
                return Optional.of("the API does not take " + change + ": " + e.getMessage());
            }
        });
    }
}
