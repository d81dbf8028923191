package io.pgmosaic.router.limits;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

class AllowanceTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final int LIMIT = 20;
    private static final int BURST = 50;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void aBucketGivesNoMoreThanBurstAndRateInAnyTime(long seed) {
        Random random = new Random(seed);
        TokenBucket bucket = new TokenBucket(LIMIT, SECOND, BURST, 0);
        List<Long> taken = new ArrayList<>();
        long now = 0;
        for (int i = 0; i < 4_000; i++) {
            now += random.nextInt(20) == 0 ? random.nextLong(5 * SECOND) : random.nextLong(SECOND / 20);
            long wait = bucket.take(now);
            if (wait == 0) {
                taken.add(now);
            } else {
                assertThat(bucket.take(now + wait - 2)).as("seed %s", seed).isPositive();
            }
        }
        for (int first = 0; first < taken.size(); first++) {
            for (int last = first; last < Math.min(taken.size(), first + 300); last++) {
                double most = BURST + LIMIT * (taken.get(last) - taken.get(first)) / (double) SECOND;
                assertThat(last - first + 1).as("seed %s", seed).isLessThanOrEqualTo((int) Math.ceil(most));
            }
        }
    }

    @Test
    void aBucketSaysWhenThereIsATokenAgain() {
        TokenBucket bucket = new TokenBucket(LIMIT, SECOND, 1, 0);
        assertThat(bucket.take(0)).isZero();
        long wait = bucket.take(0);
        assertThat(wait).isEqualTo(SECOND / LIMIT);
        assertThat(bucket.isWhole(wait - 1)).isFalse();
        assertThat(bucket.isWhole(wait)).isTrue();
        assertThat(bucket.take(wait)).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14, 15})
    void aWindowHasAboutTheLimitWhereverItBegins(long seed) {
        Random random = new Random(seed);
        SlidingWindow window = new SlidingWindow(LIMIT, SECOND, 0);
        List<Long> taken = new ArrayList<>();
        long now = 0;
        for (int i = 0; i < 20_000; i++) {
            now += random.nextLong(SECOND / 100);
            long wait = window.take(now);
            if (wait == 0) {
                taken.add(now);
            }
        }
        // The load is even, so the estimate is good.
        assertThat(taken.size() * (double) SECOND / now).as("seed %s", seed).isBetween(LIMIT * 0.8, LIMIT * 1.05);
        for (int i = 0; i + 2 * LIMIT < taken.size(); i++) {
            assertThat(taken.get(i + 2 * LIMIT) - taken.get(i))
                    .as("seed %s: never twice the limit in a window", seed)
                    .isGreaterThan(SECOND);
        }
    }

    @Test
    void aWindowLetsNoBurstThroughAtABoundary() {
        SlidingWindow window = new SlidingWindow(LIMIT, SECOND, 0);
        long end = SECOND - SECOND / 100;
        for (int i = 0; i < LIMIT; i++) {
            assertThat(window.take(end)).isZero();
        }
        long begin = SECOND + SECOND / 100;
        long wait = window.take(begin);
        assertThat(wait).as("a fixed window would begin anew").isPositive();
        assertThat(window.take(begin + wait)).isZero();
        assertThat(window.isWhole(begin + wait)).isFalse();
        assertThat(window.isWhole(begin + 3 * SECOND)).isTrue();
    }

    @Test
    void aFullWindowSaysWhenThereIsRoom() {
        SlidingWindow window = new SlidingWindow(1, SECOND, 0);
        assertThat(window.take(0)).isZero();
        long wait = window.take(SECOND / 2);
        assertThat(window.take(SECOND / 2 + wait - SECOND / 100)).isPositive();
        assertThat(window.take(SECOND / 2 + wait)).isZero();
    }
}
