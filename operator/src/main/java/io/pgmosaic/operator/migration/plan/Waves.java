package io.pgmosaic.operator.migration.plan;

import io.pgmosaic.operator.migration.record.Step;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * In which order shards are changed: the canaries are the first wave, the others follow, as many to a wave as may be changed at one time.
 * Without a pause between waves the others are one wave, of which the next begins when one has ended.
 */
final class Waves {
    /**
     * @param shards of the wave that is under way, that are not done and not running
     * @param why none is; empty when that has no other cause than that they run
     */
    record Next(List<ShardFacts> shards, String why) {}

    private final MigrationFacts facts;
    private final Predicate<ShardFacts> isDone;
    private final Predicate<ShardFacts> hasFailed;

    Waves(MigrationFacts facts, Predicate<ShardFacts> isDone, Predicate<ShardFacts> hasFailed) {
        this.facts = facts;
        this.isDone = isDone;
        this.hasFailed = hasFailed;
    }

    int running() {
        return (int) facts.shards().stream().filter(ShardFacts::isRunning).count();
    }

    Next next(Step step) {
        List<ShardFacts> before = List.of();
        List<ShardFacts> failedBefore = new ArrayList<>();
        for (List<ShardFacts> wave : all()) {
            Optional<Duration> left = pauseLeft(before, wave, step);
            if (left.isPresent()) {
                return new Next(
                        failedBefore,
                        "the next wave begins in " + Math.max(1, left.get().toSeconds()) + " s");
            }
            // A wave in which all that is left has failed does not hold up the others; whether they may go on says the
            // policy.
            if (wave.stream().allMatch(shard -> isDone.test(shard) || hasFailed.test(shard))) {
                wave.stream()
                        .filter(shard -> !isDone.test(shard) && !shard.isRunning())
                        .forEach(failedBefore::add);
                before = wave;
                continue;
            }
            List<ShardFacts> next = new ArrayList<>(failedBefore);
            wave.stream()
                    .filter(shard -> !isDone.test(shard) && !shard.isRunning())
                    .forEach(next::add);
            return new Next(next, "");
        }
        return new Next(failedBefore, "");
    }

    private List<List<ShardFacts>> all() {
        List<List<ShardFacts>> waves = new ArrayList<>();
        List<ShardFacts> shards = facts.shards();
        int at = Math.min(facts.rollout().canaries(), shards.size());
        if (at > 0) {
            waves.add(shards.subList(0, at));
        }
        int size = facts.rollout().pause().isZero()
                ? shards.size()
                : facts.rollout().maxParallel();
        for (; at < shards.size(); at += size) {
            waves.add(shards.subList(at, Math.min(shards.size(), at + size)));
        }
        return waves;
    }

    /** How long until a wave of which no shard has begun may begin. */
    private Optional<Duration> pauseLeft(List<ShardFacts> before, List<ShardFacts> wave, Step step) {
        boolean begun = wave.stream()
                .anyMatch(shard ->
                        shard.isRunning() || shard.record().orElseThrow().hasBegun(step) || hasFailed.test(shard));
        Optional<Instant> ended = before.stream()
                .flatMap(shard -> shard.record().orElseThrow().lastDone(step).stream())
                .max(Instant::compareTo);
        return begun
                ? Optional.empty()
                : ended.map(end -> facts.rollout().pause().minus(Duration.between(end, facts.now())))
                        .filter(left -> left.isPositive());
    }
}
