package io.pgmosaic.operator.split.run;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import io.pgmosaic.api.v1alpha1.cluster.SplitState;
import io.pgmosaic.api.v1alpha1.split.ShardSplit;
import io.pgmosaic.api.v1alpha1.split.SplitPhase;
import io.pgmosaic.operator.ClusterKey;
import io.pgmosaic.operator.observe.ClusterWatch;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Keeps a run going for every split that has not come to an end, while this replica leads: for those that are declared, and for
 * those whose declaration was deleted while they were under way.
 */
public final class SplitRuns implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(SplitRuns.class);
    private static final long EVERY_MILLIS = 1_000;

    private final KubernetesClient client;
    private final Set<String> namespaces;
    private final ClusterWatch watch;
    private final BooleanSupplier leads;
    private final RunFactory factory;
    private final List<SharedIndexInformer<ShardSplit>> splits = new ArrayList<>();
    private final Map<SplitKey, SplitRun> runs = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("splits").daemon().factory());

    private @Nullable ScheduledFuture<?> looks;

    /** Makes what carries out one split. */
    interface RunFactory {
        SplitRun of(SplitKey key, BooleanSupplier goesOn);
    }

    /** @param namespaces to watch; empty for all */
    SplitRuns(
            KubernetesClient client,
            Set<String> namespaces,
            ClusterWatch watch,
            BooleanSupplier leads,
            RunFactory factory) {
        this.client = client;
        this.namespaces = Set.copyOf(namespaces);
        this.watch = watch;
        this.leads = leads;
        this.factory = factory;
    }

    /** Begins to watch; returns when the caches are filled. */
    public void start() {
        Handler handler = new Handler();
        if (namespaces.isEmpty()) {
            splits.add(client.resources(ShardSplit.class).inAnyNamespace().inform(handler));
        }
        for (String namespace : namespaces) {
            splits.add(client.resources(ShardSplit.class).inNamespace(namespace).inform(handler));
        }
        looks = clock.scheduleWithFixedDelay(this::look, EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            if (leads.getAsBoolean()) {
                declared().forEach(this::keep);
                watch.clusters().forEach(this::keepRecorded);
            }
        } catch (RuntimeException e) {
            LOG.warn("splits could not be looked at; it is tried again", e);
        }
    }

    private List<ShardSplit> declared() {
        return splits.stream()
                .flatMap(informer -> informer.getStore().list().stream())
                .toList();
    }

    private void keep(ShardSplit split) {
        if (split.getSpec() == null) {
            return;
        }
        SplitKey key = new SplitKey(
                new ClusterKey(
                        split.getMetadata().getNamespace(),
                        split.getSpec().cluster().name()),
                split.getMetadata().getName(),
                split.getMetadata().getUid());
        if (!hasEnded(split) || isRecorded(key)) {
            keep(key);
        }
    }

    private static boolean hasEnded(ShardSplit split) {
        SplitPhase phase = split.getStatus().phase();
        return phase == SplitPhase.COMPLETED || phase == SplitPhase.ROLLED_BACK;
    }

    private boolean isRecorded(SplitKey key) {
        return watch.cluster(key.cluster()).stream()
                .flatMap(cluster -> cluster.getStatus().splits().stream())
                .anyMatch(split -> split.uid().equals(key.uid()));
    }

    private void keepRecorded(ShardedCluster cluster) {
        for (SplitState split : cluster.getStatus().splits()) {
            keep(new SplitKey(ClusterKey.of(cluster), split.name(), split.uid()));
        }
    }

    private void keep(SplitKey key) {
        SplitRun run = runs.computeIfAbsent(key, unseen -> {
            SplitRun begun = factory.of(key, leads);
            threads.execute(() -> {
                try {
                    begun.run();
                } finally {
                    runs.remove(key, begun);
                }
            });
            return begun;
        });
        find(key).ifPresent(run::declared);
    }

    private Optional<ShardSplit> find(SplitKey key) {
        return declared().stream()
                .filter(split -> key.uid().equals(split.getMetadata().getUid()))
                .findFirst();
    }

    private final class Handler implements ResourceEventHandler<ShardSplit> {
        @Override
        public void onAdd(ShardSplit split) {
            wake(split);
        }

        @Override
        public void onUpdate(ShardSplit before, ShardSplit after) {
            if (!after.getMetadata().getGeneration().equals(before.getMetadata().getGeneration())) {
                wake(after);
            }
        }

        @Override
        public void onDelete(ShardSplit split, boolean unknown) {
            runs.forEach((key, run) -> {
                if (key.uid().equals(split.getMetadata().getUid())) {
                    run.deleted();
                }
            });
        }

        private void wake(ShardSplit split) {
            runs.forEach((key, run) -> {
                if (key.uid().equals(split.getMetadata().getUid())) {
                    run.declared(split);
                }
            });
        }
    }

    @Override
    public void close() {
        if (looks != null) {
            looks.cancel(true);
        }
        clock.shutdownNow();
        threads.shutdownNow();
        splits.forEach(SharedIndexInformer::close);
    }
}
