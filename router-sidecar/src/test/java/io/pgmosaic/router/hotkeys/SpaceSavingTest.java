package io.pgmosaic.router.hotkeys;

import io.pgmosaic.routing.key.Key;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

import static org.assertj.core.api.Assertions.assertThat;

class SpaceSavingTest {
    /** Keys of a Zipf distribution, counted exactly beside the sketch. */
    @ParameterizedTest
    @CsvSource({"1, 0.8, 100", "2, 1.0, 250", "3, 1.2, 50", "4, 0.0, 100", "5, 1.0, 1", "6, 2.0, 1000"})
    void boundsItsErrorAndMissesNothingFrequent(long seed, double exponent, int room) {
        Random random = new Random(seed);
        double[] cumulated = zipf(20_000, exponent);
        SpaceSaving sketch = new SpaceSaving(room);
        Map<Key, Double> exact = new HashMap<>();
        double total = 0;
        boolean everTooLow = false;
        for (int i = 0; i < 100_000; i++) {
            Key key = Key.bigint(draw(cumulated, random));
            // Weights grow, as those of a fading sketch do.
            double weight = 1 + i / 50_000.0;
            total += weight;
            double count = exact.merge(key, weight, Double::sum);
            everTooLow |= sketch.add(key, weight) < count - 1e-6;
        }
        assertThat(everTooLow).as("seed %s", seed).isFalse();
        assertThat(sketch.total()).isCloseTo(total, Offset.offset(1e-3));
        double bound = total / room;
        assertThat(sketch.estimates()).hasSizeLessThanOrEqualTo(room);
        for (SpaceSaving.Estimate estimate : sketch.estimates()) {
            double count = exact.getOrDefault(estimate.key(), 0.0);
            assertThat(estimate.count()).as("seed %s, %s", seed, estimate).isGreaterThanOrEqualTo(count - 1e-6);
            assertThat(estimate.count() - estimate.error()).isLessThanOrEqualTo(count + 1e-6);
            assertThat(estimate.error()).isLessThanOrEqualTo(bound);
        }
        Set<Key> counted =
                sketch.estimates().stream().map(SpaceSaving.Estimate::key).collect(Collectors.toSet());
        exact.forEach((key, count) -> {
            if (count > bound) {
                assertThat(counted).as("seed %s, %s of %s", seed, count, bound).contains(key);
            }
        });
    }

    private static double[] zipf(int keys, double exponent) {
        double[] cumulated = new double[keys];
        double sum = 0;
        for (int i = 0; i < keys; i++) {
            sum += 1 / Math.pow(i + 1, exponent);
            cumulated[i] = sum;
        }
        return cumulated;
    }

    private static int draw(double[] cumulated, Random random) {
        double point = random.nextDouble() * cumulated[cumulated.length - 1];
        int place = Arrays.binarySearch(cumulated, point);
        return place < 0 ? -place - 1 : place;
    }
}
