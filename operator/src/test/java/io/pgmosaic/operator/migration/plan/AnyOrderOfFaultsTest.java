package io.pgmosaic.operator.migration.plan;

import io.pgmosaic.operator.migration.plan.MigrationFacts.OnFailure;
import io.pgmosaic.operator.migration.plan.MigrationFacts.Rollout;
import io.pgmosaic.operator.migration.plan.MigrationFacts.Work;
import io.pgmosaic.operator.migration.record.ShardRecord;
import io.pgmosaic.operator.migration.record.Step;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import static org.assertj.core.api.Assertions.assertThat;

/** Shards fail, operators die and forget, in any order: no step begins too early, and when the faults end, the migration does. */
class AnyOrderOfFaultsTest {
    private static final List<Step> FORWARD = List.of(Step.EXPAND, Step.BACKFILL, Step.CONTRACT);

    static LongStream seeds() {
        long first = System.nanoTime();
        return LongStream.range(first, first + 500);
    }

    private static final class Shard {
        final String name;
        final List<ShardRecord.Entry> entries = new ArrayList<>();

        @Nullable
        Step running;

        ShardFacts.@Nullable Failure failure;
        boolean isKnown = true;
        String notReady = "";

        Shard(String name) {
            this.name = name;
        }

        ShardRecord record() {
            return new ShardRecord(entries, 0, 0);
        }

        ShardFacts facts() {
            return new ShardFacts(
                    name,
                    isKnown ? Optional.of(record()) : Optional.empty(),
                    notReady,
                    running != null,
                    Optional.ofNullable(failure));
        }
    }

    private final List<Shard> shards = new ArrayList<>();
    private Instant now = Instant.parse("2026-03-01T02:00:00Z");

    @ParameterizedTest
    @MethodSource("seeds")
    void keepsTheOrderAndEnds(long seed) {
        Random random = new Random(seed);
        Work work = new Work(
                texts("e", random.nextInt(3)),
                texts("b", random.nextInt(2)),
                texts("c", random.nextInt(3)),
                texts("u", 1));
        OnFailure onFailure =
                List.of(OnFailure.STOP, OnFailure.CONTINUE, OnFailure.ROLL_BACK).get(random.nextInt(3));
        IntStream.range(0, 1 + random.nextInt(6)).forEach(i -> shards.add(new Shard("s" + i)));
        int canaries = random.nextInt(3);
        int parallel = 1 + random.nextInt(4);
        Duration pause = Duration.ofSeconds(random.nextInt(2) * 10L);
        int faults = random.nextInt(40);
        for (int moves = 0; ; moves++) {
            boolean calm = moves > faults * 3;
            boolean approved = calm || random.nextInt(4) == 0;
            Rollout rollout = new Rollout(canaries, parallel, pause, approved, onFailure, false);
            MigrationPlan plan = MigrationPlanner.plan(new MigrationFacts(
                    work, rollout, shards.stream().map(Shard::facts).toList(), now));
            begin(seed, plan, work, rollout);
            if (plan.isEnded()) {
                return;
            }
            assertThat(moves).as("seed %d: %s", seed, plan).isLessThan(2_000);
            move(random, work, calm);
        }
    }

    private void begin(long seed, MigrationPlan plan, Work work, Rollout rollout) {
        for (String name : plan.begin()) {
            Shard shard = shards.stream()
                    .filter(one -> one.name.equals(name))
                    .findFirst()
                    .orElseThrow();
            String shown = "seed " + seed + ": " + plan;
            assertThat(shard.running).as(shown).isNull();
            assertThat(shard.notReady).as(shown).isEmpty();
            if (plan.step() != Step.UNDO) {
                FORWARD.subList(0, FORWARD.indexOf(plan.step()))
                        .forEach(step -> assertThat(shards).as(shown).allMatch(one -> one.record()
                                .isDone(step, work.of(step).size())));
                assertThat(shards).as(shown).noneMatch(one -> one.record().hasBegun(Step.UNDO));
                assertThat(plan.step() != Step.CONTRACT || rollout.isContractApproved())
                        .as(shown)
                        .isTrue();
            } else {
                assertThat(shards).as(shown).noneMatch(one -> one.record().hasBegun(Step.CONTRACT));
            }
            shard.running = plan.step();
            shard.failure = null;
        }
        assertThat(shards.stream().filter(one -> one.running != null).count())
                .as("seed %d: %s", seed, plan)
                .isLessThanOrEqualTo(rollout.maxParallel());
    }

    private void move(Random random, Work work, boolean calm) {
        now = now.plusSeconds(random.nextInt(5));
        Shard shard = shards.get(random.nextInt(shards.size()));
        int what = calm ? 0 : random.nextInt(9);
        if (calm) {
            shards.forEach(one -> {
                one.isKnown = true;
                one.notReady = "";
                one.failure = one.failure == null
                        ? null
                        : new ShardFacts.Failure(one.failure.step(), one.failure.why(), true);
            });
        }
        switch (what) {
            case 5 -> shard.notReady = shard.notReady.isEmpty() ? "it fails over" : "";
            case 6 -> shard.isKnown = !shard.isKnown;
            case 7 ->
                shards.forEach(one -> {
                    // Another operator: what ran is broken off, what failed is forgotten.
                    one.running = null;
                    one.failure = null;
                });
            case 8 -> {
                if (shard.running != null) {
                    shard.failure = new ShardFacts.Failure(shard.running, "it exists", random.nextBoolean());
                    shard.running = null;
                }
            }
            default -> goOn(shard, work);
        }
    }

    /** A statement is done, the step ends, or it is broken off. */
    private void goOn(Shard shard, Work work) {
        Step step = shard.running;
        if (step == null) {
            return;
        }
        if (step == Step.UNDO && shard.record().find(Step.UNDO, 0).isEmpty()) {
            shard.entries.add(new ShardRecord.Entry(Step.UNDO, 0, "", Optional.of(now)));
            return;
        }
        boolean nothing = step == Step.UNDO && !shard.record().hasBegun(Step.EXPAND);
        List<String> statements = nothing ? List.of() : work.of(step);
        for (int number = 1; number <= statements.size(); number++) {
            if (shard.record().find(step, number).isEmpty()) {
                shard.entries.add(new ShardRecord.Entry(step, number, statements.get(number - 1), Optional.of(now)));
                return;
            }
        }
        shard.running = null;
        shard.failure = null;
    }

    private static List<String> texts(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(i -> prefix + i).toList();
    }
}
