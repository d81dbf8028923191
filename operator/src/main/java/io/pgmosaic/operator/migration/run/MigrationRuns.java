package io.pgmosaic.operator.migration.run;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.pgmosaic.api.v1alpha1.cluster.MigrationState;
import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import io.pgmosaic.api.v1alpha1.migration.SchemaMigration;
import io.pgmosaic.operator.ClusterKey;
import io.pgmosaic.operator.migration.record.MigrationId;
import io.pgmosaic.operator.migration.status.MigrationStatuses;
import io.pgmosaic.operator.observe.ClusterWatch;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Keeps a run going for every migration that has not come to an end, while this replica leads: for those that are declared, and for
 * one whose declaration was deleted while a cluster's record named it.
 */
public final class MigrationRuns implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(MigrationRuns.class);
    private static final long EVERY_MILLIS = 1_000;

    private final KubernetesClient client;
    private final Set<String> namespaces;
    private final ClusterWatch watch;
    private final BooleanSupplier leads;
    private final Function<MigrationKey, MigrationRun> factory;
    private final List<SharedIndexInformer<SchemaMigration>> migrations = new ArrayList<>();
    private final Map<MigrationKey, MigrationRun> runs = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("migrations").daemon().factory());

    private @Nullable ScheduledFuture<?> looks;

    /** @param namespaces to watch; empty for all */
    MigrationRuns(
            KubernetesClient client,
            Set<String> namespaces,
            ClusterWatch watch,
            BooleanSupplier leads,
            Function<MigrationKey, MigrationRun> factory) {
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
            migrations.add(
                    client.resources(SchemaMigration.class).inAnyNamespace().inform(handler));
        }
        for (String namespace : namespaces) {
            migrations.add(client.resources(SchemaMigration.class)
                    .inNamespace(namespace)
                    .inform(handler));
        }
        looks = clock.scheduleWithFixedDelay(this::look, EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            if (leads.getAsBoolean()) {
                migrations.stream()
                        .flatMap(informer -> informer.getStore().list().stream())
                        .filter(migration -> migration.getSpec() != null)
                        .filter(migration -> !MigrationStatuses.hasEnded(
                                migration.getStatus().phase()))
                        .forEach(migration -> keep(key(migration)));
                watch.clusters().forEach(this::keepRecorded);
            }
        } catch (RuntimeException e) {
            LOG.warn("migrations could not be looked at; it is tried again", e);
        }
    }

    private static MigrationKey key(SchemaMigration migration) {
        return new MigrationKey(
                new ClusterKey(
                        migration.getMetadata().getNamespace(),
                        migration.getSpec().cluster().name()),
                new MigrationId(
                        migration.getMetadata().getUid(),
                        migration.getMetadata().getName()));
    }

    private void keepRecorded(ShardedCluster cluster) {
        MigrationState claim = cluster.getStatus().migration();
        if (claim != null) {
            keep(new MigrationKey(ClusterKey.of(cluster), new MigrationId(claim.uid(), claim.name())));
        }
    }

    private void keep(MigrationKey key) {
        runs.computeIfAbsent(key, unseen -> {
            MigrationRun begun = factory.apply(key);
            threads.execute(() -> {
                try {
                    begun.run();
                } finally {
                    runs.remove(key, begun);
                }
            });
            return begun;
        });
    }

    private final class Handler implements ResourceEventHandler<SchemaMigration> {
        @Override
        public void onAdd(SchemaMigration migration) {
            each(migration, MigrationRun::wake);
        }

        @Override
        public void onUpdate(SchemaMigration before, SchemaMigration after) {
            if (!after.getMetadata().getGeneration().equals(before.getMetadata().getGeneration())) {
                each(after, MigrationRun::wake);
            }
        }

        @Override
        public void onDelete(SchemaMigration migration, boolean unknown) {
            each(migration, MigrationRun::deleted);
        }

        private void each(SchemaMigration migration, Consumer<MigrationRun> action) {
            runs.forEach((key, run) -> {
                if (key.id().uid().equals(migration.getMetadata().getUid())) {
                    action.accept(run);
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
        migrations.forEach(SharedIndexInformer::close);
    }
}
