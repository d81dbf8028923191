package io.pgmosaic.local.chaos;

import io.pgmosaic.api.v1alpha1.split.SplitPhase;
import io.pgmosaic.local.chaos.Fault.Kind;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

import static org.assertj.core.api.Assertions.assertThat;

final class SplitScheduleTest {
    @Test
    void aSeedGivesTheSameSplitsAgain() {
        assertThat(SplitSchedule.of(42, 20, Kind.ofSplits())).isEqualTo(SplitSchedule.of(42, 20, Kind.ofSplits()));
        assertThat(SplitSchedule.of(42, 20, Kind.ofSplits())).isNotEqualTo(SplitSchedule.of(43, 20, Kind.ofSplits()));
    }

    @Test
    void twentyFaultsHaveEachKindInSplitsThatEndBothWays() {
        for (long seed = 0; seed < 100; seed++) {
            List<SplitTurn> turns = SplitSchedule.of(seed, 20, Kind.ofSplits());
            assertThat(turns.stream().flatMap(turn -> turn.faults().stream()))
                    .as("seed %d", seed)
                    .hasSize(20)
                    .extracting(SplitFault::kind)
                    .containsAll(Kind.ofSplits());
            assertThat(turns)
                    .as("seed %d", seed)
                    .extracting(SplitTurn::undoneIn)
                    .contains((SplitPhase) null);
            assertThat(turns).as("seed %d", seed).anyMatch(turn -> turn.undoneIn() != null);
        }
    }

    @Test
    void aRollbackIsAskedForInEveryPhaseSomeTime() {
        assertThat(SplitSchedule.of(1, 100, Kind.ofSplits()).stream()
                        .map(SplitTurn::undoneIn)
                        .filter(Objects::nonNull))
                .contains(
                        SplitPhase.PENDING,
                        SplitPhase.PREPARING,
                        SplitPhase.COPYING,
                        SplitPhase.CATCHING_UP,
                        SplitPhase.VERIFYING,
                        SplitPhase.AWAITING_APPROVAL,
                        SplitPhase.SWITCHING,
                        SplitPhase.SOAKING);
    }

    @Test
    void faultsAreInPhasesThatTheSplitComesTo() {
        for (SplitTurn turn : SplitSchedule.of(7, 500, Kind.ofSplits())) {
            for (SplitFault fault : turn.faults()) {
                SplitPhase undone = turn.undoneIn();
                assertThat(fault.phase())
                        .as(turn.toString())
                        .isNotEqualTo(undone == null ? SplitPhase.ROLLING_BACK : SplitPhase.FINALIZING);
                if (undone != null && fault.phase() != SplitPhase.ROLLING_BACK) {
                    assertThat(fault.phase()).as(turn.toString()).isLessThanOrEqualTo(undone);
                }
                assertThat(fault.lasting())
                        .isBetween(fault.kind().lasts() ? Duration.ofSeconds(1) : Duration.ZERO, Duration.ofSeconds(8));
            }
        }
    }
}
