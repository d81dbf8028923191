package io.pgmosaic.operator.split.run;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import io.pgmosaic.api.v1alpha1.cluster.SplitState;
import io.pgmosaic.api.v1alpha1.split.ShardSplit;
import io.pgmosaic.operator.ClusterKey;
import io.pgmosaic.operator.observe.ClusterWatch;
import io.pgmosaic.operator.split.status.SplitStatuses;
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
import java.util.function.Consumer;

/**
 * Keeps a run going for every split that has not come to an end, while this replica leads: for those that are declared, and for
 * those whose declaration was deleted while they were under way.
 */
public final class SplitRuns implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(SplitRuns.class);
    private static final long EVERY_MILLIS = 1_000;
    /** Nothing waits for it, and each sweep is a session at every shard. */
    private static final long SWEEP_MILLIS = 30_000;

    private final KubernetesClient client;
    private final Set<String> namespaces;
    private final ClusterWatch watch;
    private final BooleanSupplier leads;
    private final RunFactory factory;
    private final Consumer<ShardedCluster> sweep;
    private final List<SharedIndexInformer<ShardSplit>> splits = new ArrayList<>();
    private final Map<SplitKey, SplitRun> runs = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(
            2, Thread.ofPlatform().name("splits").daemon().factory());

    private @Nullable ScheduledFuture<?> looks;
    private @Nullable ScheduledFuture<?> sweeps;

    /** Makes what carries out one split. */
    interface RunFactory {
        SplitRun of(SplitKey key, BooleanSupplier goesOn);
    }

    /**
     * @param namespaces to watch; empty for all
     * @param sweep to be done of each cluster now and then
     */
    SplitRuns(
            KubernetesClient client,
            Set<String> namespaces,
            ClusterWatch watch,
            BooleanSupplier leads,
            RunFactory factory,
            Consumer<ShardedCluster> sweep) {
        this.client = client;
        this.namespaces = Set.copyOf(namespaces);
        this.watch = watch;
        this.leads = leads;
        this.factory = factory;
        this.sweep = sweep;
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
        sweeps = clock.scheduleWithFixedDelay(this::sweep, SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void sweep() {
        try {
            if (leads.getAsBoolean()) {
                watch.clusters().forEach(sweep);
            }
        } catch (RuntimeException e) {
            LOG.warn("what splits have left could not be looked for; it is tried again", e);
        }
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
        if (!SplitStatuses.hasEnded(split.getStatus()) || isRecorded(key)) {
            keep(key);
        }
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
        if (sweeps != null) {
            sweeps.cancel(true);
        }
        clock.shutdownNow();
        threads.shutdownNow();
        splits.forEach(SharedIndexInformer::close);
    }
}
