package io.pgmosaic.operator.event;

import io.pgmosaic.api.v1alpha1.cluster.ElectionState;
import io.pgmosaic.api.v1alpha1.cluster.FailoverState;
import io.pgmosaic.api.v1alpha1.cluster.PositionState;
import io.pgmosaic.api.v1alpha1.cluster.ShardState;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterStatus;
import io.pgmosaic.api.v1alpha1.cluster.SwitchoverState;
import io.pgmosaic.operator.event.StatusEvents.Happened;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

/** The events of a shard, from one stored status to the next. */
class FailoverEventsTest {
    private static final String SUSPECTED = "2026-01-01T12:00:00Z";
    private static final ShardState CALM = shard(4, "orders-s0-0", null, null, null);
    private static final ShardState ELECTING = shard(5, "orders-s0-0", election("Failover"), null, null);
    private static final ShardState DECIDED = shard(5, "orders-s0-1", null, failover(5, 0L, null, null), null);
    private static final ShardState PROMOTED =
            shard(5, "orders-s0-1", null, failover(5, 0L, "2026-01-01T12:00:02Z", null), null);
    private static final ShardState OPEN =
            shard(5, "orders-s0-1", null, failover(5, 0L, "2026-01-01T12:00:02Z", "2026-01-01T12:00:02.340Z"), null);

    private static ShardState shard(
            long term,
            String primary,
            @Nullable ElectionState election,
            @Nullable FailoverState failover,
            @Nullable SwitchoverState switchover) {
        return new ShardState(
                "s0",
                null,
                null,
                false,
                term,
                primary,
                "orders-s0-0",
                "7300000000000000001",
                null,
                "what the shard says",
                null,
                election,
                failover,
                switchover,
                null,
                null,
                List.of());
    }

    private static ElectionState election(String kind) {
        return new ElectionState(kind, "PodGone", "the primary is gone", null, SUSPECTED, SUSPECTED);
    }

    private static FailoverState failover(
            long term, @Nullable Long lossBound, @Nullable String promotedAt, @Nullable String openedAt) {
        return change("Failover", term, lossBound, promotedAt, openedAt);
    }

    private static FailoverState change(
            String kind, long term, @Nullable Long lossBound, @Nullable String promotedAt, @Nullable String openedAt) {
        return new FailoverState(
                kind,
                term,
                "orders-s0-0",
                "orders-s0-1",
                "PodGone",
                "the primary is gone",
                List.of(
                        new PositionState("orders-s0-1", 4L, "0/5000060"),
                        new PositionState("orders-s0-2", 4L, "0/5000000")),
                lossBound,
                SUSPECTED,
                SUSPECTED,
                SUSPECTED,
                promotedAt,
                openedAt);
    }

    private static List<Happened> between(ShardState before, ShardState after) {
        return StatusEvents.between(status(before), status(after));
    }

    private static ShardedClusterStatus status(ShardState shard) {
        return new ShardedClusterStatus(
                1L, null, null, null, null, null, List.of(shard), List.of(), null, null, null, List.of());
    }

    @Test
    void nothingHappensTwice() {
        for (ShardState state : List.of(CALM, ELECTING, DECIDED, PROMOTED, OPEN)) {
            assertThat(between(state, state)).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"Failover, WARNING", "Switchover, NORMAL"})
    void anElectionBeginsAndNobodyIsAppointedByThat(String kind, EventRecorder.Kind severity) {
        assertThat(between(CALM, shard(5, "orders-s0-0", election(kind), null, null)))
                .containsExactly(new Happened(
                        severity,
                        kind + "Begun",
                        "shard s0: the primary is gone; term 5 is taken, the other instances are asked for their"
                                + " promise"));
    }

    @Test
    void anElectionThatIsBegunAgainInALaterTermIsToldAgain() {
        assertThat(between(ELECTING, shard(6, "orders-s0-0", election("Failover"), null, null)))
                .singleElement()
                .satisfies(event -> assertThat(event.message()).contains("term 6 is taken"));
    }

    @Test
    void tellsWhoIsAppointedAndHowFarTheLogsGo() {
        assertThat(between(ELECTING, DECIDED))
                .containsExactly(new Happened(
                        EventRecorder.Kind.NORMAL,
                        "PrimaryAppointed",
                        "shard s0: orders-s0-1 is to be the primary of term 5 after orders-s0-0; the logs end at"
                                + " orders-s0-1 4:0/5000060, orders-s0-2 4:0/5000000"));
    }

    @Test
    void warnsOfWhatMayBeLost() {
        assertThat(between(ELECTING, shard(5, "orders-s0-1", null, failover(5, 96L, null, null), null)))
                .extracting(Happened::kind, Happened::reason)
                .containsExactly(
                        tuple(EventRecorder.Kind.NORMAL, "PrimaryAppointed"),
                        tuple(EventRecorder.Kind.WARNING, "DataMayBeLost"));
        assertThat(between(ELECTING, shard(5, "orders-s0-1", null, failover(5, 96L, null, null), null)))
                .last()
                .satisfies(event -> assertThat(event.message()).contains("up to 96 bytes", "orders-s0-0 had written"));
        assertThat(between(ELECTING, shard(5, "orders-s0-1", null, failover(5, null, null, null), null)))
                .last()
                .satisfies(event -> assertThat(event.message()).contains("it is not known how much"));
    }

    @Test
    void tellsOfThePromotionAndTheOpeningOnce() {
        assertThat(between(DECIDED, PROMOTED)).extracting(Happened::reason).containsExactly("PrimaryPromoted");
        assertThat(between(PROMOTED, OPEN))
                .containsExactly(new Happened(
                        EventRecorder.Kind.NORMAL,
                        "FailoverCompleted",
                        "shard s0: orders-s0-1 is open to applications as the primary of term 5, 2.3 s after"
                                + " orders-s0-0 was first seen in trouble"));
        assertThat(between(ELECTING, OPEN))
                .as("what was seen in one look")
                .extracting(Happened::reason)
                .containsExactly("PrimaryAppointed", "PrimaryPromoted", "FailoverCompleted");
    }

    @Test
    void aPrimaryThatHandedOverWasNotInTrouble() {
        FailoverState done = change("Switchover", 5, 0L, "2026-01-01T12:00:02Z", "2026-01-01T12:00:02.340Z");
        assertThat(between(ELECTING, shard(5, "orders-s0-1", null, done, null)))
                .last()
                .satisfies(event -> {
                    assertThat(event.reason()).isEqualTo("SwitchoverCompleted");
                    assertThat(event.message()).endsWith("after orders-s0-0 was asked to hand over");
                });
    }

    @Test
    void aLaterFailoverIsToldFromItsBeginning() {
        ShardState next = shard(
                6, "orders-s0-1", null, failover(6, 0L, "2026-01-01T12:00:02Z", "2026-01-01T12:00:02.340Z"), null);
        assertThat(between(OPEN, shard(6, "orders-s0-1", election("Failover"), OPEN.lastFailover(), null)))
                .extracting(Happened::reason)
                .containsExactly("FailoverBegun");
        assertThat(between(OPEN, next))
                .extracting(Happened::reason)
                .containsExactly("PrimaryAppointed", "PrimaryPromoted", "FailoverCompleted");
    }

    @Test
    void theFirstPrimaryIsAppointedWithoutAFailover() {
        assertThat(between(shard(4, "orders-s0-0", null, null, null), CALM)).isEmpty();
        assertThat(between(ShardState.unknown("s0"), CALM))
                .extracting(Happened::reason)
                .containsExactly("Bootstrapping", "PrimaryAppointed");
    }

    @Test
    void warnsOfARefusedSwitchoverOnce() {
        ShardState refused =
                shard(4, "orders-s0-0", null, null, new SwitchoverState("orders-s0-2", null, "Refused", "not safe"));
        assertThat(between(CALM, refused)).singleElement().satisfies(event -> {
            assertThat(event.kind()).isEqualTo(EventRecorder.Kind.WARNING);
            assertThat(event.reason()).isEqualTo("SwitchoverRefused");
            assertThat(event.message()).contains("orders-s0-2", "what the shard says");
        });
        assertThat(between(refused, refused)).isEmpty();
    }
}
