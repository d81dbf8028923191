package io.pgmosaic.local.chaos;

import io.pgmosaic.checker.Operation;
import io.pgmosaic.checker.Operation.Action.Insert;
import io.pgmosaic.checker.WriteGaps;
import io.pgmosaic.local.chaos.Fault.Kind;
import io.pgmosaic.local.chaos.Fault.Round;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

final class ScheduleTest {
    private static final Schedule.Shape SHAPE =
            new Schedule.Shape(2, 3, Duration.ofSeconds(30), EnumSet.allOf(Kind.class));

    @Test
    void aSeedGivesTheSameFaultsAgain() {
        assertThat(Schedule.of(42, 50, SHAPE)).isEqualTo(Schedule.of(42, 50, SHAPE));
        assertThat(Schedule.of(42, 50, SHAPE)).isNotEqualTo(Schedule.of(43, 50, SHAPE));
    }

    @Test
    void twentyFaultsHaveEachKindAndTwoAtOnce() {
        for (long seed = 0; seed < 100; seed++) {
            List<Round> rounds = Schedule.of(seed, 20, SHAPE);
            List<Fault> faults =
                    rounds.stream().flatMap(round -> round.faults().stream()).toList();
            assertThat(faults).as("seed %d", seed).hasSize(20);
            assertThat(faults).as("seed %d", seed).extracting(Fault::kind).contains(Kind.values());
        }
        assertThat(Schedule.of(1, 200, SHAPE)).anyMatch(round -> round.faults().size() == 2);
    }

    @Test
    void placesAndTimesStayWithinTheShape() {
        for (Round round : Schedule.of(7, 1_000, SHAPE)) {
            for (Fault fault : round.faults()) {
                assertThat(fault.place().shard()).isBetween(0, 1);
                assertThat(fault.place().standby()).isBetween(0, 2);
                assertThat(fault.lasting())
                        .isBetween(
                                fault.kind().lasts() ? Duration.ofSeconds(1) : Duration.ZERO, Duration.ofSeconds(30));
            }
        }
    }

    @Test
    void aGapReachesFromTheLastAcknowledgementBeforeToTheFirstAfter() {
        WriteGaps gaps = new WriteGaps(Arrays.stream(new long[] {10, 20, 30, 90, 100})
                .mapToObj(at -> new Operation(
                        0, new Insert(at), 1, at - 1, at, Operation.Outcome.ACKNOWLEDGED, "s0", null, null))
                .toList());
        assertThat(gaps.longest("s0", 35, 95)).isEqualTo(60);
        assertThat(gaps.longest("s0", 30, 30)).isEqualTo(60);
        assertThat(gaps.longest("s0", 11, 15)).isEqualTo(10);
        assertThat(gaps.longest("s0", 101, 200)).isZero();
        assertThat(gaps.longest("s1", 0, 200)).isZero();
    }

    @Test
    void aQuantileIsOneOfTheValues() {
        List<Double> values = List.of(4.0, 1.0, 3.0, 2.0);
        assertThat(WriteGaps.quantile(values, 0.5)).isEqualTo(2.0);
        assertThat(WriteGaps.quantile(values, 0.99)).isEqualTo(4.0);
        assertThat(WriteGaps.quantile(List.of(), 0.5)).isZero();
    }
}
