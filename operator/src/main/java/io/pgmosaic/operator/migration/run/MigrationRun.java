package io.pgmosaic.operator.migration.run;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterSpec;
import io.pgmosaic.api.v1alpha1.migration.MigrationPhase;
import io.pgmosaic.api.v1alpha1.migration.SchemaMigration;
import io.pgmosaic.operator.cluster.AcceptedSpecs;
import io.pgmosaic.operator.migration.record.ClusterClaims;
import io.pgmosaic.operator.migration.record.SchemaNotice;
import io.pgmosaic.operator.migration.status.MigrationReport;
import io.pgmosaic.operator.migration.status.MigrationStatuses;
import io.pgmosaic.operator.split.record.ClusterRecords;
import io.pgmosaic.operator.split.record.OvertakenException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Carries one migration out until it ends, or this replica leads no more. */
final class MigrationRun implements Runnable {
    private static final Logger LOG = Logger.getLogger(MigrationRun.class);
    private static final Duration SOON = Duration.ofMillis(20);
    private static final Duration WAIT = Duration.ofSeconds(1);
    private static final Duration LONG_WAIT = Duration.ofSeconds(5);

    private final MigrationKey key;
    private final BooleanSupplier leads;
    private final KubernetesClient client;
    private final AcceptedSpecs acceptedSpecs;
    private final ClusterRecords records;
    private final MigrationTeller teller;
    private final SchemaTeller applications;
    private final MigrationCheck check;
    private final MigrationSteps steps;
    private final Semaphore news = new Semaphore(0);
    private volatile boolean isDeleted;

    MigrationRun(
            MigrationKey key,
            BooleanSupplier leads,
            KubernetesClient client,
            AcceptedSpecs acceptedSpecs,
            ClusterRecords records,
            MigrationTeller teller,
            SchemaTeller applications,
            MigrationCheck check,
            MigrationStepsFactory factory) {
        this.key = key;
        this.leads = leads;
        this.client = client;
        this.acceptedSpecs = acceptedSpecs;
        this.records = records;
        this.teller = teller;
        this.applications = applications;
        this.check = check;
        this.steps = factory.of(key, () -> isDeleted || !leads.getAsBoolean(), this::wake);
    }

    /** Makes what looks at the shards of one migration and changes them. */
    interface MigrationStepsFactory {
        MigrationSteps of(MigrationKey key, BooleanSupplier isOver, Runnable news);
    }

    /** Tells that there is something to look at. */
    void wake() {
        news.release();
    }

    /** Tells that the declaration is gone; what runs is ended. */
    void deleted() {
        isDeleted = true;
        steps.stop();
        wake();
    }

    @Override
    public void run() {
        try {
            while (leads.getAsBoolean()) {
                Optional<Duration> pause = attempt();
                if (pause.isEmpty()) {
                    return;
                }
                if (news.tryAcquire(pause.get().toMillis(), TimeUnit.MILLISECONDS)) {
                    news.drainPermits();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            steps.close();
        }
    }

    /** Empty when the migration has come to an end. */
    private Optional<Duration> attempt() throws InterruptedException {
        try {
            return pass();
        } catch (OvertakenException e) {
            LOG.debugf("%s: %s", key, e.getMessage());
            return Optional.of(WAIT);
        } catch (KubernetesClientException e) {
            LOG.warnf("%s: %s; it is tried again", key, e.toString());
            return Optional.of(WAIT);
        } catch (RuntimeException e) {
            LOG.errorf(e, "%s cannot go on; it is tried again", key);
            return Optional.of(LONG_WAIT);
        }
    }

    private Optional<Duration> pass() throws OvertakenException, InterruptedException {
        @Nullable SchemaMigration migration = declaration();
        @Nullable
        ShardedCluster cluster = client.resources(ShardedCluster.class)
                .inNamespace(key.namespace())
                .withName(key.cluster().name())
                .get();
        if (migration == null) {
            deleted();
            return steps.isIdle() ? ended(cluster) : Optional.of(WAIT);
        }
        if (cluster == null) {
            return waits(
                    migration,
                    "there is no ShardedCluster " + key.cluster().name()
                            + " in this namespace: create it, or delete this SchemaMigration");
        }
        if (MigrationStatuses.hasEnded(migration.getStatus().phase())) {
            return ended(cluster);
        }
        Optional<ShardedClusterSpec> spec = acceptedSpecs.accepted(cluster);
        if (spec.isEmpty()) {
            return waits(migration, "the cluster's spec is not in force yet");
        }
        MigrationScene scene = MigrationScene.of(migration, cluster, spec.get());
        if (!scene.work().problems().isEmpty()) {
            tell(migration, scene.refusal());
            return Optional.of(LONG_WAIT);
        }
        Optional<String> before =
                Predecessors.unfinished(migration.getSpec().after(), name -> client.resources(SchemaMigration.class)
                        .inNamespace(key.namespace())
                        .withName(name)
                        .get());
        return before.isPresent() ? waits(migration, before.get()) : carryOut(scene);
    }

    /** Before anything begins on a shard the cluster's record says whose turn it is; then all is looked at anew. */
    private Optional<Duration> carryOut(MigrationScene scene) throws OvertakenException, InterruptedException {
        ShardedCluster cluster = scene.cluster();
        boolean claimed = ClusterClaims.isClaimed(cluster.getStatus(), key.id());
        MigrationSteps.Next next = steps.look(scene);
        if (!next.plan().begin().isEmpty() && !claimed) {
            Optional<String> obstacle = ClusterClaims.obstacle(cluster.getStatus(), key.id());
            if (obstacle.isPresent()) {
                return waits(scene.migration(), obstacle.get());
            }
            if (next.isUntouched()) {
                Optional<MigrationReport> unsafe = check.obstacle(scene);
                if (unsafe.isPresent()) {
                    tell(scene.migration(), unsafe.get());
                    return Optional.of(LONG_WAIT);
                }
            }
            records.change(
                    key.cluster(),
                    cluster.getMetadata().getUid(),
                    status -> SchemaNotice.begun(ClusterClaims.claimed(status, key.id()), key.id(), check.tables()));
            steps.forget();
            return Optional.of(SOON);
        }
        Optional<String> untold = applications.beforeUndo(scene, next);
        if (untold.isPresent()) {
            tell(scene.migration(), MigrationReport.waits(MigrationPhase.ROLLING_BACK, untold.get()));
            return Optional.of(WAIT);
        }
        applications.tell(scene, next);
        MigrationReport report = next.report();
        if (steps.isIdle() && next.plan().begin().isEmpty() && isOthersTurn(next) && claimed) {
            release(cluster);
        }
        boolean told = tell(scene.migration(), report);
        if (next.plan().isEnded() && steps.isIdle() && told) {
            return ended(cluster);
        }
        steps.begin(scene, next.plan());
        return Optional.of(next.plan().phase() == MigrationPhase.AWAITING_APPROVAL ? LONG_WAIT : WAIT);
    }

    /** Nothing of it is half done, so that others may change the shards meanwhile. */
    private static boolean isOthersTurn(MigrationSteps.Next next) {
        return next.plan().isEnded() || next.plan().phase() == MigrationPhase.AWAITING_APPROVAL;
    }

    private Optional<Duration> ended(@Nullable ShardedCluster cluster) throws OvertakenException {
        if (cluster != null && ClusterClaims.isClaimed(cluster.getStatus(), key.id())) {
            release(cluster);
        }
        return Optional.empty();
    }

    private void release(ShardedCluster cluster) throws OvertakenException {
        records.change(
                key.cluster(), cluster.getMetadata().getUid(), status -> ClusterClaims.released(status, key.id()));
    }

    private Optional<Duration> waits(SchemaMigration migration, String what) {
        MigrationPhase phase = Objects.requireNonNullElse(migration.getStatus().phase(), MigrationPhase.PENDING);
        tell(migration, MigrationReport.waits(phase, what));
        return Optional.of(WAIT);
    }

    private boolean tell(SchemaMigration migration, MigrationReport report) {
        return teller.tell(migration, report);
    }

    /** Asked for and not taken from a cache: a cache that is behind would end a migration that nobody has deleted. */
    private @Nullable SchemaMigration declaration() {
        SchemaMigration migration = client.resources(SchemaMigration.class)
                .inNamespace(key.namespace())
                .withName(key.id().name())
                .get();
        return migration != null
                        && key.id().uid().equals(migration.getMetadata().getUid())
                ? migration
                : null;
    }
}
