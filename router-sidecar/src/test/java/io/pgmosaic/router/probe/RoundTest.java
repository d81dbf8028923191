package io.pgmosaic.router.probe;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;

/** What docs/operations.md reckons with. */
class RoundTest {
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration LOOK = Duration.ofMillis(250);

    @ParameterizedTest
    @CsvSource({
        // the primary answers, clients complain, seconds between rounds
        "true,  false, 30, 35",
        "false, false, 7,  9",
        "true,  true,  8,  10",
        "false, true,  7,  9",
    })
    void isAsRareAsItIsSaidToBe(boolean primary, boolean complaints, double least, double most) {
        Random random = new Random(7);
        Round round = new Round(Round.Timing.USUAL, random, 0);
        long rounds = 0;
        for (long now = 0; now < DAY.toNanos(); now += LOOK.toNanos()) {
            if (complaints) {
                round.hurry();
            }
            if (round.isDue(now)) {
                round.begin();
                assertThat(round.isDue(now)).as("one round at a time").isFalse();
                round.end(primary, now);
                rounds++;
            }
        }
        assertThat((double) DAY.toSeconds() / rounds).isBetween(least, most);
    }

    /** Routers that lost their operators at one moment: no second has more than a few times its share of their first rounds. */
    @ParameterizedTest
    @CsvSource({"1000"})
    void manyDoNotAskInStep(int routers) {
        Random random = new Random(8);
        int[] perQuarter = new int[8];
        for (int i = 0; i < routers; i++) {
            Round round = new Round(Round.Timing.USUAL, random, 0);
            for (int quarter = 1; quarter <= 8; quarter++) {
                if (round.isDue(quarter * LOOK.toNanos())) {
                    perQuarter[quarter - 1]++;
                    break;
                }
            }
        }
        for (int started : perQuarter) {
            assertThat(started).isBetween(routers / 16, routers / 4);
        }
    }
}
