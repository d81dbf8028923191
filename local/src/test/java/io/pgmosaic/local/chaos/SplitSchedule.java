package io.pgmosaic.local.chaos;

import io.pgmosaic.api.v1alpha1.split.SplitPhase;
import io.pgmosaic.local.chaos.Fault.Kind;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Splits from a seed, and what breaks in which of their phases: the same seed gives the same ones. Kinds take turns in a shuffled
 * order, and so do the phases in which a rollback is asked for. About every second split is undone, and all once there are many shards.
 */
final class SplitSchedule {
    private static final Duration LONGEST_STOP = Duration.ofSeconds(8);
    private static final int MOST_IN_A_TURN = 4;
    private static final int LONGEST_OFFSET_MILLIS = 1_500;
    /** Each leaves a shard more, of several processes. */
    private static final int MOST_COMPLETED = 4;

    /** Those that a split goes through until its keys have changed hands. */
    private static final List<SplitPhase> ON_ITS_WAY = List.of(
            SplitPhase.PENDING,
            SplitPhase.PREPARING,
            SplitPhase.COPYING,
            SplitPhase.CATCHING_UP,
            SplitPhase.VERIFYING,
            SplitPhase.AWAITING_APPROVAL,
            SplitPhase.SWITCHING,
            SplitPhase.SOAKING);

    private final SplittableRandom random;
    private final Set<Kind> kinds;
    private final List<Kind> kindsLeft = new ArrayList<>();
    private final List<SplitPhase> undoneLeft = new ArrayList<>();

    private SplitSchedule(long seed, Set<Kind> kinds) {
        this.random = new SplittableRandom(seed);
        this.kinds = EnumSet.copyOf(kinds);
    }

    static List<SplitTurn> of(long seed, int faults, Set<Kind> kinds) {
        SplitSchedule schedule = new SplitSchedule(seed, kinds);
        List<SplitTurn> turns = new ArrayList<>();
        int left = faults;
        int completed = 0;
        while (left > 0) {
            boolean undone = turns.size() % 2 == 0 || completed == MOST_COMPLETED;
            SplitTurn turn = schedule.turn(Math.min(left, 2 + schedule.random.nextInt(MOST_IN_A_TURN - 1)), undone);
            completed += undone ? 0 : 1;
            left -= turn.faults().size();
            turns.add(turn);
        }
        return turns;
    }

    private SplitTurn turn(int faults, boolean undone) {
        @Nullable SplitPhase undoneIn = undone ? next(undoneLeft, ON_ITS_WAY) : null;
        List<SplitPhase> phases = phases(undoneIn);
        List<SplitFault> broken = new ArrayList<>();
        for (int i = 0; i < faults; i++) {
            Kind kind = next(kindsLeft, kinds);
            broken.add(new SplitFault(
                    phases.get(random.nextInt(phases.size())),
                    random.nextBoolean() ? SplitFault.Side.SOURCE : SplitFault.Side.TARGET,
                    kind,
                    Duration.ofMillis(random.nextInt(LONGEST_OFFSET_MILLIS)),
                    kind.lasts()
                            ? Duration.ofMillis(random.nextLong(1_000, LONGEST_STOP.toMillis() + 1))
                            : Duration.ZERO));
        }
        return new SplitTurn(random.nextInt(4) > 0, undoneIn, broken);
    }

    /** Those that a split can be in. */
    private static List<SplitPhase> phases(@Nullable SplitPhase undoneIn) {
        List<SplitPhase> phases = new ArrayList<>(
                undoneIn == null ? ON_ITS_WAY : ON_ITS_WAY.subList(0, ON_ITS_WAY.indexOf(undoneIn) + 1));
        phases.add(undoneIn == null ? SplitPhase.FINALIZING : SplitPhase.ROLLING_BACK);
        return phases;
    }

    private <T> T next(List<T> left, Collection<T> all) {
        if (left.isEmpty()) {
            List<T> unshuffled = new ArrayList<>(all);
            while (!unshuffled.isEmpty()) {
                left.add(unshuffled.remove(random.nextInt(unshuffled.size())));
            }
        }
        return left.removeLast();
    }
}
