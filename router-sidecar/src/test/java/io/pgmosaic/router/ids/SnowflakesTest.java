package io.pgmosaic.router.ids;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class SnowflakesTest {
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    private static final long NOW = START.toEpochMilli();
    private static final Instant FAR = START.plus(Duration.ofDays(365));
    private static final int IDS = 3_000_000;

    /** One number, handed from life to life as an operator does it, under a clock that jumps by up to minutes. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 20200101, -7})
    void neverGivesAnIdTwiceWhateverTheClockDoes(long seed) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        long[] ids = new long[IDS];
        int given = 0;
        long clock = NOW;
        Instant from = START;
        int refused = 0;
        while (given < IDS) {
            // A life ends with its grant; the next one may begin under a clock that was set back.
            Instant end = from.plusMillis(random.nextLong(1, 60_000));
            Snowflakes life = new Snowflakes(5, Snowflakes.tick(from), end);
            long last = Long.MIN_VALUE;
            for (int requests = random.nextInt(1, 400); requests > 0 && given < IDS; requests--) {
                clock += jump(random);
                int count = Math.min(
                        random.nextInt(4) == 0 ? random.nextInt(1, 10_001) : random.nextInt(1, 20), IDS - given);
                switch (life.draw(count, clock)) {
                    case Draw.Drawn drawn -> {
                        for (int i = 0; i < count; i++) {
                            long id = drawn.id(i);
                            assertThat(id).as("seed %d: they grow", seed).isGreaterThan(last);
                            last = id;
                            ids[given++] = id;
                        }
                        long dated = date(last);
                        assertThat(dated).as("seed %d", seed).isLessThan(end.toEpochMilli());
                        assertThat(dated - drawn.waitMillis() - clock)
                                .as("seed %d: how far ahead of the clock", seed)
                                .isLessThanOrEqualTo(Snowflakes.MOST_BEHIND_MILLIS + Snowflakes.LEAD_MILLIS);
                    }
                    case Draw.ClockBehind behind -> {
                        refused++;
                        clock += behind.millis();
                    }
                    case Draw.Busy busy -> clock += busy.waitMillis();
                    case Draw.ClockAhead ahead -> {
                        refused++;
                        requests = 1;
                    }
                    case Draw.NoLease none -> throw new AssertionError(none);
                }
            }
            from = end;
        }
        Arrays.sort(ids);
        for (int i = 1; i < ids.length; i++) {
            assertThat(ids[i]).as("seed %d: twice", seed).isNotEqualTo(ids[i - 1]);
        }
        assertThat(refused).as("seed %d: the clock did jump", seed).isPositive();
    }

    private static long jump(RandomGenerator random) {
        return switch (random.nextInt(20)) {
            case 0 -> -random.nextLong(5_000);
            case 1 -> random.nextInt(10) == 0 ? -random.nextLong(120_000) : random.nextLong(2_000);
            case 2, 3, 4, 5 -> 0;
            default -> random.nextLong(4);
        };
    }

    @Test
    void hasTheDocumentedLayout() {
        Draw.Drawn drawn = drawn(new Snowflakes(1023, 0, FAR).draw(2, NOW + 7));
        long millis = NOW + 7 - 1577836800000L;
        assertThat(drawn.id(0)).isEqualTo(millis << 22 | 1023L << 12);
        assertThat(drawn.id(1)).isEqualTo(millis << 22 | 1023L << 12 | 1);
    }

    @Test
    void goesOnWithTheNextMillisecondWhenOneIsFull() {
        Snowflakes snowflakes = new Snowflakes(0, 0, FAR);
        drawn(snowflakes.draw(4_095, NOW));
        Draw.Drawn drawn = drawn(snowflakes.draw(2, NOW));
        assertThat(drawn.id(0) & 4_095).isEqualTo(4_095);
        assertThat(drawn.id(1) & 4_095).isZero();
        assertThat(date(drawn.id(1))).isEqualTo(date(drawn.id(0)) + 1);
    }

    @Test
    void aBurstIsHandedOutNoFasterThanTimePasses() {
        Snowflakes snowflakes = new Snowflakes(0, 0, FAR);
        long wait = 0;
        for (int i = 0; i < 100; i++) {
            wait = drawn(snowflakes.draw(10_000, NOW)).waitMillis();
        }
        assertThat(wait).isEqualTo(1_000_000 / 4_096 - Snowflakes.LEAD_MILLIS);
        assertThat(drawn(snowflakes.draw(1, NOW + 1_000)).waitMillis()).isZero();
    }

    @Test
    void whoAsksForMoreThanASecondHoldsIsToldToComeLaterAndTakesNone() {
        Snowflakes snowflakes = new Snowflakes(0, 0, FAR);
        int given = 0;
        Draw draw = snowflakes.draw(10_000, NOW);
        while (draw instanceof Draw.Drawn) {
            given += 10_000;
            draw = snowflakes.draw(10_000, NOW);
        }
        assertThat(given).isBetween(4_096_000, 4_150_000);
        assertThat(draw).isInstanceOf(Draw.Busy.class);
        assertThat(snowflakes.nextTick()).isEqualTo(Snowflakes.tick(START) + given);
        assertThat(snowflakes.draw(10_000, NOW + 100)).isInstanceOf(Draw.Drawn.class);
    }

    @Test
    void aClockThatWasSetBackALittleStopsNothing() {
        Snowflakes snowflakes = new Snowflakes(0, 0, FAR);
        long before = drawn(snowflakes.draw(1, NOW)).id(0);
        for (long back = 5_000; back >= 0; back--) {
            Draw.Drawn drawn = drawn(snowflakes.draw(1, NOW - back));
            assertThat(drawn.waitMillis()).isZero();
            assertThat(drawn.id(0)).isGreaterThan(before);
            before = drawn.id(0);
        }
        assertThat(date(before)).as("it was not run ahead").isLessThanOrEqualTo(NOW + 2);
    }

    @Test
    void aClockThatWasSetBackFurtherIsToldByHowMuchUntilItIsNear() {
        Snowflakes snowflakes = new Snowflakes(0, 0, FAR);
        drawn(snowflakes.draw(1, NOW));
        assertThat(snowflakes.draw(1, NOW - 5_001)).isEqualTo(new Draw.ClockBehind(5_001));
        assertThat(snowflakes.draw(1, NOW - 60_000)).isEqualTo(new Draw.ClockBehind(60_000));
        drawn(snowflakes.draw(1, NOW - 4_000));
    }

    @Test
    void aFormerLifesTimesAreNotUsedAgain() {
        Snowflakes snowflakes = new Snowflakes(0, Snowflakes.tick(START.plusSeconds(60)), FAR);
        assertThat(snowflakes.draw(1, NOW)).isEqualTo(new Draw.ClockBehind(60_000));
        assertThat(date(drawn(snowflakes.draw(1, NOW + 57_000)).id(0))).isEqualTo(NOW + 60_000);
    }

    @Test
    void aClockBeyondTheGrantIsToldByHowMuch() {
        Snowflakes snowflakes = new Snowflakes(0, 0, START.plusSeconds(60));
        assertThat(snowflakes.draw(1, NOW + 60_000)).isEqualTo(new Draw.ClockAhead(1));
        drawn(snowflakes.draw(1, NOW + 59_999));
        snowflakes.extend(0, START.plusSeconds(120));
        drawn(snowflakes.draw(1, NOW + 60_000));
    }

    @Test
    void aClockOutsideOfTheSixtyNineYearsGivesNone() {
        Instant end = Instant.parse("2200-01-01T00:00:00Z");
        assertThat(new Snowflakes(0, 0, end).draw(1, 0)).isInstanceOf(Draw.ClockBehind.class);
        long beyond = Snowflakes.EPOCH.toEpochMilli() + (1L << 41);
        assertThat(new Snowflakes(0, 0, end).draw(1, beyond)).isEqualTo(new Draw.ClockAhead(1));
        assertThat(drawn(new Snowflakes(1023, 0, end).draw(4_096, beyond - 1)).id(4_095))
                .isEqualTo(Long.MAX_VALUE);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 1024})
    void refusesAMachineNumberThatDoesNotFit(int machineId) {
        assertThatThrownBy(() -> new Snowflakes(machineId, 0, FAR)).hasMessageContaining("machine number");
    }

    private static Draw.Drawn drawn(Draw draw) {
        assertThat(draw).isInstanceOf(Draw.Drawn.class);
        return (Draw.Drawn) draw;
    }

    private static long date(long id) {
        return (id >> 22) + 1577836800000L;
    }
}
