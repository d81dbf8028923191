package io.pgmosaic.operator.migration.run;

import io.pgmosaic.api.v1alpha1.cluster.SchemaStage;
import io.pgmosaic.api.v1alpha1.common.DurationText;
import io.pgmosaic.api.v1alpha1.migration.BackfillSpec;
import io.pgmosaic.api.v1alpha1.migration.MigrationPhase;
import io.pgmosaic.operator.cluster.ShardLogins.NoLoginException;
import io.pgmosaic.operator.migration.apply.Outcome;
import io.pgmosaic.operator.migration.apply.Progress;
import io.pgmosaic.operator.migration.backfill.BackfillRun;
import io.pgmosaic.operator.migration.plan.MigrationFacts;
import io.pgmosaic.operator.migration.plan.MigrationPlan;
import io.pgmosaic.operator.migration.plan.MigrationPlanner;
import io.pgmosaic.operator.migration.plan.ShardFacts;
import io.pgmosaic.operator.migration.plan.Stages;
import io.pgmosaic.operator.migration.record.Step;
import io.pgmosaic.operator.migration.status.MigrationReport;
import io.pgmosaic.operator.split.ShardDatabase;
import org.jspecify.annotations.Nullable;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Looks at the shards of one migration, and runs on each what is planned. */
final class MigrationSteps implements AutoCloseable {
    /**
     * What is to be done, and what a person is told.
     *
     * @param isUntouched whether all shards are known to have nothing of it
     * @param reached how far applications may be told that each shard is
     */
    record Next(MigrationPlan plan, MigrationReport report, boolean isUntouched, Map<String, SchemaStage> reached) {}

    private final MigrationKey key;
    private final MigrationShards shards;
    private final Clock clock;
    private final BooleanSupplier isOver;
    private final Runnable news;
    private final Map<String, ShardDesk> desks = new ConcurrentHashMap<>();
    private final Eta eta = new Eta();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /**
     * @param isOver whether to end what runs
     * @param news called when a step has ended
     */
    MigrationSteps(MigrationKey key, MigrationShards shards, Clock clock, BooleanSupplier isOver, Runnable news) {
        this.key = key;
        this.shards = shards;
        this.clock = clock;
        this.isOver = isOver;
        this.news = news;
    }

    boolean isIdle() {
        return desks.values().stream().noneMatch(ShardDesk::isRunning);
    }

    void forget() {
        desks.values().stream().filter(desk -> !desk.isRunning()).forEach(ShardDesk::forget);
    }

    /** Looks at those of which nothing is known in their present term, all at once. */
    Next look(MigrationScene scene) throws InterruptedException {
        List<Callable<Boolean>> looks = scene.shards().stream()
                .map(this::desk)
                .filter(desk -> !desk.isRunning() && !desk.knows(MigrationShards.term(scene.cluster(), desk.shard())))
                .<Callable<Boolean>>map(desk -> () -> see(scene, desk))
                .toList();
        threads.invokeAll(looks);
        List<ShardFacts> facts = scene.shards().stream()
                .map(shard -> desk(shard).facts(MigrationShards.notReady(scene.cluster(), shard), clock.instant()))
                .toList();
        MigrationFacts all = new MigrationFacts(scene.work().checksums(), scene.rollout(), facts, clock.instant());
        MigrationPlan plan = MigrationPlanner.plan(all);
        String closed = plan.begin().isEmpty() ? "" : scene.outsideOfWindow(clock.instant());
        MigrationPlan open = closed.isEmpty() ? plan : plan.waitingFor(closed);
        boolean isUntouched = facts.stream().allMatch(ShardFacts::isUntouched);
        return new Next(
                open,
                report(scene, open, facts),
                isUntouched,
                Stages.of(all, scene.told().orElse(null)));
    }

    private ShardDesk desk(String shard) {
        return desks.computeIfAbsent(shard, ShardDesk::new);
    }

    private boolean see(MigrationScene scene, ShardDesk desk) {
        try {
            ShardDatabase database = shards.database(scene.cluster(), scene.spec(), desk.shard());
            desk.saw(MigrationShards.read(database, key.id()), database.term());
        } catch (SQLException | NoLoginException e) {
            desk.cannotBeSeen(String.valueOf(e.getMessage()));
        }
        return true;
    }

    private MigrationReport report(MigrationScene scene, MigrationPlan plan, List<ShardFacts> facts) {
        Step step = plan.isEnded() ? null : plan.step();
        long rows = desks.values().stream().mapToLong(ShardDesk::rows).sum();
        long total = desks.values().stream().mapToLong(ShardDesk::rowsTotal).sum();
        MigrationPhase before = scene.migration().getStatus().phase();
        return new MigrationReport(
                // A shard that cannot be looked at does not make it one that has not begun.
                plan.phase() == MigrationPhase.PENDING && before != null ? before : plan.phase(),
                Messages.of(plan, facts),
                plan.waitingFor(),
                plan.needsPerson(),
                List.of(),
                facts.stream()
                        .map(shard -> desk(shard.name())
                                .told(
                                        step,
                                        Messages.isComplete(
                                                shard, plan, scene.work().checksums())))
                        .toList(),
                plan.step() == Step.BACKFILL && !plan.isEnded() ? eta.after(rows, total, clock.instant()) : null);
    }

    /** Begins the step where the plan says so; returns at once. */
    void begin(MigrationScene scene, MigrationPlan plan) {
        for (String shard : plan.begin()) {
            ShardDesk desk = desk(shard);
            desk.begins();
            threads.execute(() -> run(scene, plan.step(), desk));
        }
    }

    private void run(MigrationScene scene, Step step, ShardDesk desk) {
        try {
            ShardDatabase database = shards.database(scene.cluster(), scene.spec(), desk.shard());
            Outcome outcome = new ShardWork(key.id(), scene.work(), scene.limits())
                    .run(database, step, new Watched(desk), brake(scene, desk), desk);
            switch (outcome) {
                case Outcome.Done done -> desk.done();
                case Outcome.Failed failed -> desk.failed(step, failed.why(), clock.instant());
                case Outcome.Deferred deferred -> desk.deferred(deferred.why(), clock.instant());
            }
        } catch (SQLException | NoLoginException e) {
            desk.deferred(String.valueOf(e.getMessage()), clock.instant());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            desk.deferred("it was interrupted", clock.instant());
        } catch (RuntimeException e) {
            desk.failed(step, e.toString(), clock.instant());
        } finally {
            news.run();
        }
    }

    private BackfillRun.Brake brake(MigrationScene scene, ShardDesk desk) {
        @Nullable BackfillSpec spec = scene.migration().getSpec().backfill();
        if (spec == null) {
            return Optional::empty;
        }
        Duration most = DurationText.parse(spec.maxReplicaLag());
        return () -> shards.lag(key.cluster(), desk.shard(), most);
    }

    /** What a step asks while it runs. */
    private final class Watched implements Progress {
        private final ShardDesk desk;
        private volatile boolean stopped;

        Watched(ShardDesk desk) {
            this.desk = desk;
        }

        @Override
        public void awaitsLock(int attempts, String message) {
            desk.awaitsLock(message + "; attempt " + (attempts + 1) + " follows");
        }

        @Override
        public boolean isOver() {
            return stopped || isOver.getAsBoolean();
        }

        @Override
        public void rest(Duration time) throws InterruptedException {
            stopped = ended.await(time.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** Ends what rests; what runs is ended by whoever asks whether it is over. */
    void stop() {
        ended.countDown();
    }

    /** Ends what runs; what is done of it is in the shards' records. */
    @Override
    public void close() {
        stop();
        threads.shutdownNow();
    }
}
