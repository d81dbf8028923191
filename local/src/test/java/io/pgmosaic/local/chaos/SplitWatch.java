package io.pgmosaic.local.chaos;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.pgmosaic.api.v1alpha1.split.ShardSplit;
import io.pgmosaic.api.v1alpha1.split.SplitPhase;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Sees a split go from phase to phase. */
final class SplitWatch implements ResourceEventHandler<ShardSplit>, AutoCloseable {
    private final Map<SplitPhase, CompletableFuture<Boolean>> begun = new ConcurrentHashMap<>();
    private final CompletableFuture<SplitPhase> ended = new CompletableFuture<>();
    private final Consumer<String> log;
    private final SharedIndexInformer<ShardSplit> informer;
    private volatile String told = "";

    SplitWatch(KubernetesClient client, String namespace, String name, Consumer<String> log) {
        this.log = log;
        this.informer = client.resources(ShardSplit.class)
                .inNamespace(namespace)
                .withName(name)
                .inform(this);
    }

    private void see(ShardSplit split) {
        SplitPhase phase = Objects.requireNonNullElse(split.getStatus().phase(), SplitPhase.PENDING);
        String tells = phase + ": " + split.getStatus().message();
        if (!tells.equals(told)) {
            told = tells;
            log.accept("    " + tells);
        }
        future(phase).complete(true);
        if (phase == SplitPhase.COMPLETED || phase == SplitPhase.ROLLED_BACK) {
            ended.complete(phase);
            begun.values().forEach(other -> other.complete(false));
        }
    }

    private CompletableFuture<Boolean> future(SplitPhase phase) {
        return begun.computeIfAbsent(phase, none -> new CompletableFuture<>());
    }

    /**
     * Waits until the split is in a phase, or was.
     *
     * @return false when it has ended without that
     */
    boolean await(SplitPhase phase, Duration limit) throws InterruptedException, Waiting.TooLong {
        CompletableFuture<Boolean> seen = future(phase);
        if (ended.isDone()) {
            seen.complete(false);
        }
        return get(seen, limit, phase.toString());
    }

    /** Waits for its end. */
    SplitPhase awaitEnd(Duration limit) throws InterruptedException, Waiting.TooLong {
        return get(ended, limit, "its end");
    }

    private <T> T get(CompletableFuture<T> future, Duration limit, String what)
            throws InterruptedException, Waiting.TooLong {
        try {
            return future.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new Waiting.TooLong("a split did not come to " + what + " in " + limit.toSeconds()
                    + " s; the last that it told is " + told);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    @Override
    public void onAdd(ShardSplit split) {
        see(split);
    }

    @Override
    public void onUpdate(ShardSplit before, ShardSplit after) {
        see(after);
    }

    @Override
    public void onDelete(ShardSplit split, boolean unknown) {
        log.accept("    the split was deleted");
    }

    @Override
    public void close() {
        informer.close();
    }
}
