package io.pgmosaic.operator.migration.plan;

import io.pgmosaic.api.v1alpha1.migration.MigrationPhase;
import io.pgmosaic.operator.migration.plan.MigrationFacts.OnFailure;
import io.pgmosaic.operator.migration.record.ShardRecord;
import io.pgmosaic.operator.migration.record.Step;

import java.util.List;
import java.util.Optional;

/** Plans a migration: which step is under way, and on which shards it may begin. */
public final class MigrationPlanner {
    private final MigrationFacts facts;

    private MigrationPlanner(MigrationFacts facts) {
        this.facts = facts;
    }

    public static MigrationPlan plan(MigrationFacts facts) {
        return new MigrationPlanner(facts).plan();
    }

    private MigrationPlan plan() {
        Optional<ShardFacts> unknown = facts.shards().stream()
                .filter(shard -> shard.record().isEmpty())
                .findFirst();
        if (unknown.isPresent()) {
            // What has run there could be another statement, or a step back.
            return MigrationPlan.waits(
                    MigrationPhase.PENDING,
                    Step.EXPAND,
                    "shard " + unknown.get().name() + " cannot be looked at: "
                            + unknown.get().notReady());
        }
        if (facts.rollout().isTakenBack()
                || facts.shards().stream().anyMatch(shard -> record(shard).hasBegun(Step.UNDO))) {
            return undo();
        }
        Optional<MigrationPlan> changed = changed();
        if (changed.isPresent()) {
            return changed.get();
        }
        for (Step step : List.of(Step.EXPAND, Step.BACKFILL, Step.CONTRACT)) {
            if (facts.shards().stream().allMatch(shard -> isDone(shard, step))) {
                continue;
            }
            boolean fails = facts.shards().stream().anyMatch(shard -> hasFailed(shard, step));
            if (fails && step != Step.CONTRACT && facts.rollout().onFailure() == OnFailure.ROLL_BACK) {
                return undo();
            }
            boolean isGate = step == Step.CONTRACT && !facts.rollout().isContractApproved();
            return isGate
                    ? MigrationPlan.person(
                            MigrationPhase.AWAITING_APPROVAL,
                            step,
                            "contract awaits approval: set spec.approved to true when no version of the application needs"
                                    + " what it takes away")
                    : waves(phase(step), step, facts.rollout().onFailure() != OnFailure.CONTINUE);
        }
        return new MigrationPlan(MigrationPhase.COMPLETED, Step.CONTRACT, List.of(), "", "");
    }

    private MigrationPlan undo() {
        if (facts.shards().stream().allMatch(this::isUndone)) {
            return new MigrationPlan(MigrationPhase.ROLLED_BACK, Step.UNDO, List.of(), "", "");
        }
        return waves(MigrationPhase.ROLLING_BACK, Step.UNDO, false);
    }

    private Optional<MigrationPlan> changed() {
        for (ShardFacts shard : facts.shards()) {
            for (ShardRecord.Entry entry : record(shard).statements()) {
                List<String> declared = facts.work().of(entry.step());
                boolean same = entry.number() <= declared.size()
                        && declared.get(entry.number() - 1).equals(entry.checksum());
                if (!same) {
                    String which = entry.step() == Step.BACKFILL
                            ? "the backfill"
                            : entry.step().word() + " statement " + entry.number();
                    return Optional.of(MigrationPlan.person(
                            MigrationPhase.FAILED,
                            entry.step(),
                            which + " was changed after it was begun on shard " + shard.name()
                                    + ": write what was there before, and the change as another SchemaMigration"));
                }
            }
        }
        return Optional.empty();
    }

    /** @param stops whether no further shard begins when one has failed */
    private MigrationPlan waves(MigrationPhase phase, Step step, boolean stops) {
        List<ShardFacts> failed =
                facts.shards().stream().filter(shard -> hasFailed(shard, step)).toList();
        Waves waves = new Waves(facts, shard -> isDoneWith(shard, step), shard -> hasFailed(shard, step));
        Waves.Next next = waves.next(step);
        List<String> begin = next.shards().stream()
                .filter(shard -> !stops || failed.isEmpty() || hasBegun(shard, step) || hasFailed(shard, step))
                .filter(shard -> !hasFailed(shard, step)
                        || shard.failure().map(ShardFacts.Failure::isDue).orElse(true))
                .filter(shard -> shard.notReady().isEmpty())
                .limit(Math.max(0, facts.rollout().maxParallel() - waves.running()))
                .map(ShardFacts::name)
                .toList();
        String person = failed.isEmpty() ? "" : failure(failed, step, stops);
        String waitingFor = !person.isEmpty() ? person : !begin.isEmpty() ? "" : waitingFor(next, waves);
        return new MigrationPlan(phase, step, begin, waitingFor, person);
    }

    private static String failure(List<ShardFacts> failed, Step step, boolean stops) {
        ShardFacts first = failed.getFirst();
        String others = failed.size() == 1 ? "" : " (and " + (failed.size() - 1) + " more in status.shards)";
        return "shard " + first.name() + ": "
                + first.failure().map(ShardFacts.Failure::why).orElse("") + others + ". Put that right: "
                + step.word() + " is tried again by itself" + (stops ? ", and further shards wait" : "");
    }

    private static String waitingFor(Waves.Next next, Waves waves) {
        if (!next.why().isEmpty()) {
            return next.why();
        }
        return next.shards().stream()
                .filter(shard -> !shard.notReady().isEmpty())
                .findFirst()
                .filter(shard -> waves.running() == 0)
                .map(shard -> "shard " + shard.name() + ": " + shard.notReady())
                .orElse("");
    }

    private boolean isDoneWith(ShardFacts shard, Step step) {
        return step == Step.UNDO ? isUndone(shard) : isDone(shard, step);
    }

    private boolean isDone(ShardFacts shard, Step step) {
        return !shard.isRunning()
                && record(shard).isDone(step, facts.work().of(step).size());
    }

    /** Where expand never began, its end is recorded all the same: a late operator must find it. */
    private boolean isUndone(ShardFacts shard) {
        return !shard.isRunning()
                && record(shard).find(Step.UNDO, 0).isPresent()
                && (!record(shard).hasBegun(Step.EXPAND)
                        || record(shard).isDone(Step.UNDO, facts.work().undo().size()));
    }

    private boolean hasBegun(ShardFacts shard, Step step) {
        return record(shard).hasBegun(step);
    }

    private boolean hasFailed(ShardFacts shard, Step step) {
        return shard.failure().filter(failure -> failure.step() == step).isPresent() && !isDoneWith(shard, step);
    }

    private static ShardRecord record(ShardFacts shard) {
        return shard.record().orElseThrow();
    }

    private static MigrationPhase phase(Step step) {
        return switch (step) {
            case EXPAND -> MigrationPhase.EXPANDING;
            case BACKFILL -> MigrationPhase.BACKFILLING;
            case CONTRACT -> MigrationPhase.CONTRACTING;
            case UNDO -> MigrationPhase.ROLLING_BACK;
        };
    }
}
