package io.pgmosaic.operator.simulation;

import java.util.List;
import java.util.SplittableRandom;

/** The seed's choices. */
final class Chance {
    private final SplittableRandom random;

    Chance(long seed) {
        random = new SplittableRandom(seed);
    }

    /** From 0 to below. */
    int below(int bound) {
        return random.nextInt(bound);
    }

    boolean percent(int of) {
        return random.nextInt(100) < of;
    }

    double between(double from, double to) {
        return random.nextDouble(from, to);
    }

    <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }
}
