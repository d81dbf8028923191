package io.pgmosaic.operator.split.run;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterSpec;
import io.pgmosaic.api.v1alpha1.cluster.SplitState;
import io.pgmosaic.api.v1alpha1.split.ShardSplit;
import io.pgmosaic.api.v1alpha1.split.SplitPhase;
import io.pgmosaic.operator.cluster.AcceptedSpecs;
import io.pgmosaic.operator.cluster.ShardLogins.NoLoginException;
import io.pgmosaic.operator.split.plan.SplitFacts;
import io.pgmosaic.operator.split.plan.SplitPlan;
import io.pgmosaic.operator.split.plan.SplitPlanner;
import io.pgmosaic.operator.split.plan.SplitStep;
import io.pgmosaic.operator.split.record.OvertakenException;
import io.pgmosaic.operator.split.record.SplitRecords;
import io.pgmosaic.operator.split.status.SplitReport;
import io.pgmosaic.operator.split.status.SplitStatuses;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Carries one split out until it ends, or this replica leads no more. */
final class SplitRun implements Runnable {
    private static final Logger LOG = Logger.getLogger(SplitRun.class);
    private static final Duration SOON = Duration.ofMillis(20);
    private static final Duration WAIT = Duration.ofSeconds(1);
    /** For a person or a span of time, which end it: a changed spec is looked at at once. */
    private static final Duration LONG_WAIT = Duration.ofSeconds(5);

    private static final Duration AFTER_TROUBLE = Duration.ofSeconds(2);

    private final SplitKey key;
    private final BooleanSupplier leads;
    private final KubernetesClient client;
    private final AcceptedSpecs acceptedSpecs;
    private final SplitSteps steps;
    private final SplitTeller teller;
    private final Semaphore news = new Semaphore(0);
    private volatile @Nullable ShardSplit seen;
    private volatile boolean isDeletedByNow;

    SplitRun(
            SplitKey key,
            BooleanSupplier leads,
            KubernetesClient client,
            AcceptedSpecs acceptedSpecs,
            SplitSteps steps,
            SplitTeller teller) {
        this.key = key;
        this.leads = leads;
        this.client = client;
        this.acceptedSpecs = acceptedSpecs;
        this.steps = steps;
        this.teller = teller;
    }

    /** Tells what is declared by now, as far as is known: it ends a step that takes long. */
    void declared(ShardSplit split) {
        ShardSplit before = seen;
        seen = split;
        if (before == null
                || !before.getMetadata()
                        .getGeneration()
                        .equals(split.getMetadata().getGeneration())) {
            news.release();
        }
    }

    /** Tells that the declaration is gone. */
    void deleted() {
        isDeletedByNow = true;
        news.release();
    }

    /**
     * What is declared; null when that is gone. Asked for and not taken from a cache: a cache that is behind would end a split that
     * nobody has deleted.
     */
    private @Nullable ShardSplit declaration() {
        ShardSplit split = client.resources(ShardSplit.class)
                .inNamespace(key.namespace())
                .withName(key.name())
                .get();
        return split != null && key.uid().equals(split.getMetadata().getUid()) ? split : null;
    }

    @Override
    public void run() {
        try {
            news.tryAcquire(WAIT.toMillis(), TimeUnit.MILLISECONDS);
            while (leads.getAsBoolean()) {
                Optional<Duration> pause = attempt();
                if (pause.isEmpty()) {
                    return;
                }
                news.tryAcquire(pause.get().toMillis(), TimeUnit.MILLISECONDS);
                news.drainPermits();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Empty when the split has come to an end. */
    private Optional<Duration> attempt() throws InterruptedException {
        try {
            return pass();
        } catch (OvertakenException e) {
            LOG.debugf("%s: %s", key, e.getMessage());
            return Optional.of(SOON);
        } catch (SQLException | IOException | NoLoginException | KubernetesClientException e) {
            LOG.warnf("%s: %s; it is tried again", key, e.toString());
            teller.trouble(key, String.valueOf(e.getMessage()));
            return Optional.of(AFTER_TROUBLE);
        } catch (RuntimeException e) {
            LOG.errorf(e, "%s cannot go on; it is tried again", key);
            teller.trouble(key, e.toString());
            return Optional.of(AFTER_TROUBLE);
        }
    }

    private Optional<Duration> pass()
            throws SQLException, IOException, NoLoginException, OvertakenException, InterruptedException {
        ShardSplit split = declaration();
        ShardedCluster cluster = client.resources(ShardedCluster.class)
                .inNamespace(key.namespace())
                .withName(key.cluster().name())
                .get();
        if (cluster == null) {
            teller.tell(
                    key,
                    SplitReport.awaiting(
                            SplitPhase.PENDING,
                            "there is no ShardedCluster " + key.cluster().name()
                                    + " in this namespace: create it, or delete this ShardSplit"));
            return split == null ? Optional.empty() : Optional.of(WAIT);
        }
        Optional<ShardedClusterSpec> spec = acceptedSpecs.accepted(cluster);
        if (spec.isEmpty()) {
            teller.tell(key, SplitReport.of(SplitPhase.PENDING, "the cluster's spec is not in force yet"));
            return Optional.of(WAIT);
        }
        Optional<SplitState> record = SplitRecords.find(cluster.getStatus(), key.uid());
        if (record.isEmpty()) {
            return unrecorded(split, cluster, spec.get());
        }
        SplitScene scene = new SplitScene(key, split, cluster, spec.get(), record.get());
        return carryOut(scene);
    }

    private Optional<Duration> unrecorded(@Nullable ShardSplit split, ShardedCluster cluster, ShardedClusterSpec spec)
            throws SQLException, IOException, NoLoginException, OvertakenException, InterruptedException {
        if (split == null) {
            return Optional.empty();
        }
        if (teller.hasBegun(split)) {
            boolean there = SplitScene.haveKeys(cluster, split);
            teller.tell(
                    key,
                    there
                            ? SplitReport.of(SplitPhase.COMPLETED, "the targets have their keys, and all is cleaned up")
                            : SplitReport.of(
                                    SplitPhase.ROLLED_BACK,
                                    "shard " + split.getSpec().source()
                                            + " has all its keys as before; the targets are removed"));
            return Optional.empty();
        }
        if (split.getSpec().rollback()) {
            teller.tell(key, SplitReport.of(SplitPhase.ROLLED_BACK, "it is rolled back before it began"));
            return Optional.empty();
        }
        return Optional.of(steps.begin(key, split, cluster, spec));
    }

    private Optional<Duration> carryOut(SplitScene scene)
            throws SQLException, IOException, NoLoginException, OvertakenException, InterruptedException {
        if (scene.record().switched() && scene.split() != null) {
            // Whoever handed the keys over may have ended before it said so.
            teller.switched(scene.key(), scene.split());
        }
        SplitFacts facts = steps.look(scene);
        SplitPlan plan = SplitPlanner.plan(facts);
        if (plan.step() instanceof SplitStep.Wait wait) {
            teller.tell(key, steps.waiting(scene, facts, plan.phase(), wait.why()));
            boolean isLong = plan.phase() == SplitPhase.SOAKING || plan.phase() == SplitPhase.AWAITING_APPROVAL;
            return Optional.of(isLong ? LONG_WAIT : WAIT);
        }
        if (plan.step() instanceof SplitStep.AwaitShard shard) {
            teller.tell(key, SplitReport.of(SplitStatuses.goingOn(scene.told(), plan.phase()), shard.why()));
            return Optional.of(WAIT);
        }
        return Optional.of(
                steps.take(scene, plan, () -> !leads.getAsBoolean() || isToldOtherwise(scene)) ? SOON : WAIT);
    }

    /** Whether somebody has given the split up, or taken it back, since the scene was looked at. */
    private boolean isToldOtherwise(SplitScene scene) {
        ShardSplit latest = seen;
        return isDeletedByNow || (latest != null && scene.givesUp() != SplitScene.givesUp(latest, scene.record()));
    }
}
