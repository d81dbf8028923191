package io.pgmosaic.router.hotkeys;

import io.pgmosaic.routing.key.Key;

import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A sketch in which what was added counts half after every {@value #HALF_LIFE_SECONDS} seconds. Nothing is taken down all the
 * time: what comes later weighs more, which is the same but for the measure. Thread-safe.
 */
final class FadingSketch {
    static final int HALF_LIFE_SECONDS = 30;

    private static final double HALF_LIFE_NANOS = TimeUnit.SECONDS.toNanos(HALF_LIFE_SECONDS);
    /** A weight is good for so long; it is 0.3 % off at the end. */
    private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(128);
    /** Far from where doubles lose the small. */
    private static final double LARGE = 1L << 30;

    private final SpaceSaving sketch;
    private long origin;
    private long weighedAt;
    private double weight = 1;

    /** @param now by {@link System#nanoTime} */
    FadingSketch(int room, long now) {
        this.sketch = new SpaceSaving(room);
        this.origin = now;
        this.weighedAt = now;
    }

    /**
     * What is known of keys.
     *
     * @param total how much was added, as it counts now
     * @param estimates as they count now, from the greatest to the least
     */
    record Snapshot(double total, List<SpaceSaving.Estimate> estimates) {}

    /**
     * Returns at most how much has been added of the key, as it counts now.
     *
     * @param now by {@link System#nanoTime}
     */
    synchronized double add(Key key, long now) {
        if (now - weighedAt > STEP_NANOS) {
            weigh(now);
        }
        return sketch.add(key, weight) / weight;
    }

    synchronized Snapshot at(long now) {
        weigh(now);
        return new Snapshot(
                sketch.total() / weight,
                sketch.estimates().stream()
                        .map(estimate -> new SpaceSaving.Estimate(
                                estimate.key(), estimate.count() / weight, estimate.error() / weight))
                        .toList());
    }

    private void weigh(long now) {
        weighedAt = Math.max(weighedAt, now);
        weight = Math.pow(2, (weighedAt - origin) / HALF_LIFE_NANOS);
        if (weight > LARGE) {
            sketch.scale(1 / weight);
            origin = weighedAt;
            weight = 1;
        }
    }
}
