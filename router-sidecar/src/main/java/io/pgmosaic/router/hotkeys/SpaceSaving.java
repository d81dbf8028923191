package io.pgmosaic.router.hotkeys;

import io.pgmosaic.routing.key.Key;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The keys that were added most, with as many counters as there is room for: the sketch Space-Saving of Metwally, Agrawal and El
 * Abbadi, "Efficient Computation of Frequent and Top-k Elements in Data Streams" (2005), of weighted additions.
 *
 * <pre>
 * add(key, w)   a counter of the key is there   -> its count += w
 *               there is room                   -> a new counter: count = w, error = 0
 *               else                            -> the counter of the least count m becomes the key's: count = m + w, error = m
 * </pre>
 *
 * So count - error <= what was added of the key <= count, every error is at most the sum of all weights over the number of
 * counters, and a key that weighs more than that has a counter. Not thread-safe.
 */
final class SpaceSaving {
    private final int room;
    private final Map<Key, Counter> counters = new HashMap<>();
    /** A heap: the parent of the counter in place i is in (i - 1) / 2, and has no greater count. */
    private final List<Counter> heap = new ArrayList<>();

    private double total;

    private static final class Counter {
        Key key;
        double count;
        double error;
        int place;

        Counter(Key key, double count, int place) {
            this.key = key;
            this.count = count;
            this.place = place;
        }
    }

    /**
     * What is known of one key.
     *
     * @param count at most so much was added of it
     * @param error and at least so much less
     */
    record Estimate(Key key, double count, double error) {}

    SpaceSaving(int room) {
        this.room = room;
    }

    /** Returns at most how much has been added of the key, this one included. */
    double add(Key key, double weight) {
        total += weight;
        Counter counter = counters.get(key);
        if (counter == null) {
            if (heap.size() < room) {
                counter = new Counter(key, weight, heap.size());
                heap.add(counter);
                counters.put(key, counter);
                up(counter);
                return weight;
            }
            counter = heap.getFirst();
            counters.remove(counter.key);
            counter.key = key;
            counter.error = counter.count;
            counters.put(key, counter);
        }
        counter.count += weight;
        down(counter);
        return counter.count;
    }

    /** All weights together. */
    double total() {
        return total;
    }

    /** What every sum and every count is, by another measure. */
    void scale(double factor) {
        total *= factor;
        for (Counter counter : heap) {
            counter.count *= factor;
            counter.error *= factor;
        }
    }

    /** From the greatest count to the least. */
    List<Estimate> estimates() {
        return heap.stream()
                .map(counter -> new Estimate(counter.key, counter.count, counter.error))
                .sorted(Comparator.comparingDouble(Estimate::count).reversed())
                .toList();
    }

    private void up(Counter counter) {
        while (counter.place > 0) {
            Counter parent = heap.get((counter.place - 1) / 2);
            if (parent.count <= counter.count) {
                return;
            }
            swap(parent, counter);
        }
    }

    private void down(Counter counter) {
        while (true) {
            int child = 2 * counter.place + 1;
            if (child >= heap.size()) {
                return;
            }
            if (child + 1 < heap.size() && heap.get(child + 1).count < heap.get(child).count) {
                child++;
            }
            Counter lesser = heap.get(child);
            if (counter.count <= lesser.count) {
                return;
            }
            swap(counter, lesser);
        }
    }

    private void swap(Counter one, Counter other) {
        int place = one.place;
        one.place = other.place;
        other.place = place;
        heap.set(one.place, one);
        heap.set(other.place, other);
    }
}
