package io.pgmosaic.local.chaos;

import io.pgmosaic.local.chaos.Fault.Kind;
import io.pgmosaic.local.chaos.Fault.Place;
import io.pgmosaic.local.chaos.Fault.Round;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Faults from a seed: the same seed and shape give the same faults. The kinds take turns in a shuffled order, so that a short
 * schedule has each of them; two faults in three hit a primary; a round in five has two faults.
 */
final class Schedule {
    private static final int LONGEST_PAUSE_MILLIS = 2_000;
    private static final int LONGEST_OFFSET_MILLIS = 3_000;

    private Schedule() {}

    /**
     * What there is to break.
     *
     * @param instances of each shard
     * @param longestStop how long something is stopped at most
     */
    record Shape(int shards, int instances, Duration longestStop, Set<Kind> kinds) {
        Shape {
            kinds = EnumSet.copyOf(kinds);
        }
    }

    static List<Round> of(long seed, int faults, Shape shape) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Kind> turns = new ArrayList<>();
        List<Round> rounds = new ArrayList<>();
        int planned = 0;
        while (planned < faults) {
            boolean two = random.nextInt(5) == 0 && planned + 1 < faults;
            List<Fault> together = new ArrayList<>();
            together.add(fault(random, turns, shape, Duration.ZERO));
            if (two) {
                Duration offset = Duration.ofMillis(random.nextInt(LONGEST_OFFSET_MILLIS));
                together.add(fault(random, turns, shape, offset));
            }
            planned += together.size();
            rounds.add(new Round(Duration.ofMillis(random.nextInt(LONGEST_PAUSE_MILLIS)), together));
        }
        return rounds;
    }

    private static Fault fault(SplittableRandom random, List<Kind> turns, Shape shape, Duration after) {
        if (turns.isEmpty()) {
            List<Kind> left = new ArrayList<>(shape.kinds());
            while (!left.isEmpty()) {
                turns.add(left.remove(random.nextInt(left.size())));
            }
        }
        Kind kind = turns.removeLast();
        int standby = shape.instances() == 1 || random.nextInt(3) > 0 ? 0 : 1 + random.nextInt(shape.instances() - 1);
        Place place = new Place(random.nextInt(shape.shards()), standby);
        long lasting = random.nextLong(1_000, shape.longestStop().toMillis() + 1);
        return new Fault(kind, place, after, kind.lasts() ? Duration.ofMillis(lasting) : Duration.ZERO);
    }
}
