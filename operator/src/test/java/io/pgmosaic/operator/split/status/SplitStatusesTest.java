package io.pgmosaic.operator.split.status;

import io.fabric8.kubernetes.api.model.Condition;
import io.pgmosaic.api.v1alpha1.split.PhaseRecord;
import io.pgmosaic.api.v1alpha1.split.ShardSplitStatus;
import io.pgmosaic.api.v1alpha1.split.SplitPhase;
import io.pgmosaic.api.v1alpha1.split.SplitProgress;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

class SplitStatusesTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private static ShardSplitStatus after(ShardSplitStatus before, SplitReport report, long seconds) {
        return SplitStatuses.after(before, 1, report, NOON.plusSeconds(seconds));
    }

    private static String condition(ShardSplitStatus status, String type) {
        return status.conditions().stream()
                .filter(condition -> condition.getType().equals(type))
                .map(Condition::getStatus)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theStoryHasOneLineForEachPhase() {
        ShardSplitStatus status = ShardSplitStatus.empty();
        status = after(status, SplitReport.of(SplitPhase.PREPARING, "the shards are made"), 0);
        status = after(status, SplitReport.of(SplitPhase.COPYING, "rows are counted"), 10);
        status = after(status, SplitReport.of(SplitPhase.COPYING, "rows are copied"), 20);
        assertThat(status.history())
                .extracting(PhaseRecord::phase, PhaseRecord::since, PhaseRecord::message)
                .containsExactly(
                        tuple(SplitPhase.PREPARING, "2026-01-01T12:00:00Z", "the shards are made"),
                        tuple(SplitPhase.COPYING, "2026-01-01T12:00:10Z", "rows are copied"));
        assertThat(condition(status, "Reconciling")).isEqualTo("True");
        assertThat(condition(status, "Ready")).isEqualTo("False");
    }

    @Test
    void whatNeedsAPersonIsStalledAndWhatHasEndedIsReady() {
        ShardSplitStatus status =
                after(ShardSplitStatus.empty(), SplitReport.awaiting(SplitPhase.AWAITING_APPROVAL, "approve it"), 0);
        assertThat(condition(status, "Stalled")).isEqualTo("True");
        assertThat(condition(status, "Reconciling")).isEqualTo("False");
        status = after(status, SplitReport.of(SplitPhase.COMPLETED, "done"), 1);
        assertThat(condition(status, "Stalled")).isEqualTo("False");
        assertThat(condition(status, "Ready")).isEqualTo("True");
        assertThat(SplitStatuses.reason(SplitPhase.AWAITING_APPROVAL)).isEqualTo("AwaitingApproval");
    }

    @Test
    void progressIsWholeWhenAllRowsAreVerifiedHoweverLittleWasTold() {
        SplitProgress begun = new SplitProgress(0, null, null, null, null, 900L, 0L, null, "2m");
        ShardSplitStatus status = after(
                ShardSplitStatus.empty(),
                SplitReport.of(SplitPhase.VERIFYING, "compared").with(begun),
                0);
        status = after(status, SplitReport.of(SplitPhase.VERIFYING, "all are equal"), 1);
        assertThat(status.progress()).isEqualTo(begun);
        status = after(status, SplitReport.awaiting(SplitPhase.AWAITING_APPROVAL, "approve it"), 2);
        assertThat(status.progress()).isEqualTo(new SplitProgress(100, null, null, null, null, null, 0L, null, null));
    }

    @Test
    void theLagIsToldBesideTheProgress() {
        SplitProgress whole = new SplitProgress(100, 5L, 5L, 50L, null, null, null, null, null);
        ShardSplitStatus status = after(
                ShardSplitStatus.empty(),
                SplitReport.of(SplitPhase.COPYING, "copied").with(whole),
                0);
        status = after(status, new SplitReport(SplitPhase.CATCHING_UP, "behind", "", null, 4096L, List.of(), null), 1);
        assertThat(status.progress()).isEqualTo(whole.withLagBytes(4096L));
        status = after(status, SplitReport.of(SplitPhase.COMPLETED, "done"), 2);
        assertThat(status.progress()).isEqualTo(whole);
    }

    @Test
    void aShardThatIsAwaitedUndoesNothingThatWasDone() {
        assertThat(SplitStatuses.goingOn(SplitPhase.VERIFYING, SplitPhase.PREPARING))
                .isEqualTo(SplitPhase.VERIFYING);
        assertThat(SplitStatuses.goingOn(SplitPhase.PENDING, SplitPhase.PREPARING))
                .isEqualTo(SplitPhase.PREPARING);
        assertThat(SplitStatuses.goingOn(null, SplitPhase.PREPARING)).isEqualTo(SplitPhase.PREPARING);
        assertThat(SplitStatuses.goingOn(SplitPhase.SOAKING, SplitPhase.ROLLING_BACK))
                .isEqualTo(SplitPhase.ROLLING_BACK);
        assertThat(SplitStatuses.goingOn(SplitPhase.ROLLING_BACK, SplitPhase.PREPARING))
                .as("a rollback that was taken back")
                .isEqualTo(SplitPhase.PREPARING);
    }

    @Test
    void theSoakTimeCountsFromTheFirstTimeThatIsWritten() {
        ShardSplitStatus handedOver = SplitStatuses.attempted(ShardSplitStatus.empty(), 120, true, NOON);
        assertThat(handedOver.switchedAt()).isEqualTo("2026-01-01T12:00:00Z");
        assertThat(handedOver.writePauseMillis()).isEqualTo(120);
        assertThat(handedOver.cutOverAttempts()).isEqualTo(1);
        assertThat(SplitStatuses.switched(handedOver, NOON.plusSeconds(60))).isEqualTo(handedOver);
        assertThat(SplitStatuses.switched(ShardSplitStatus.empty(), NOON).switchedAt())
                .as("told by nobody when it happened")
                .isEqualTo("2026-01-01T12:00:00Z");
        assertThat(SplitStatuses.attempted(handedOver, 300, false, NOON).cutOverAttempts())
                .isEqualTo(2);
    }
}
