package io.pgmosaic.checker;

import io.pgmosaic.checker.Operation.Action.Insert;
import io.pgmosaic.checker.Operation.Action.Read;
import io.pgmosaic.checker.Operation.Outcome;
import io.pgmosaic.checker.Operation.Seen;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Set;

import static io.pgmosaic.checker.Operation.Outcome.ACKNOWLEDGED;
import static io.pgmosaic.checker.Operation.Outcome.FAILED;
import static io.pgmosaic.checker.Operation.Outcome.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

/** Each promise but that of the registers, kept and broken. */
final class HistoryChecksTest {
    @Test
    void insertsAreThereOrNotAsTheyWereAnswered() {
        List<Operation> operations =
                List.of(insert(1, ACKNOWLEDGED), insert(2, UNKNOWN), insert(3, UNKNOWN), insert(4, FAILED));
        assertThat(InsertCheck.check(operations, List.of(1L, 2L))).isEmpty();
    }

    @Test
    void aLostInsertIsFound() {
        assertThat(promises(InsertCheck.check(List.of(insert(1, ACKNOWLEDGED)), List.of())))
                .containsExactly("acknowledged write lost");
    }

    @Test
    void aDuplicateIsFoundWhateverWasAnswered() {
        for (Outcome outcome : Outcome.values()) {
            assertThat(promises(InsertCheck.check(List.of(insert(1, outcome)), List.of(1L, 1L))))
                    .containsExactly("written twice");
        }
    }

    @Test
    void aFailedInsertThatIsThereIsFound() {
        assertThat(promises(InsertCheck.check(List.of(insert(1, FAILED)), List.of(1L))))
                .containsExactly("failed write present");
    }

    @Test
    void aRowOfNobodyIsFound() {
        assertThat(promises(InsertCheck.check(List.of(), List.of(1L)))).containsExactly("row that nobody wrote");
    }

    @Test
    void rowsOnTheShardOfTheirKeyAreWell() {
        assertThat(PlaceCheck.check(
                        Map.of("s0", Set.of(1L, 2L), "s1", Set.of(3L)), Map.of(1L, "s0", 2L, "s0", 3L, "s1")))
                .isEmpty();
    }

    @Test
    void aRowOnAnotherShardIsFound() {
        assertThat(promises(PlaceCheck.check(Map.of("s0", Set.of(1L), "s2", Set.of(1L)), Map.of(1L, "s2"))))
                .containsExactly("row on a shard that does not own it");
    }

    @Test
    void anOldPrimaryMayAcknowledgeWhatBeganBeforeTheNewOneWasThere() {
        assertThat(FencingCheck.check(
                        List.of(write(0, 100, ACKNOWLEDGED, 1, "a"), write(50, 60, ACKNOWLEDGED, 2, "b")), List.of()))
                .isEmpty();
    }

    @Test
    void anOldPrimaryThatAcknowledgesLaterIsFound() {
        assertThat(promises(FencingCheck.check(
                        List.of(write(50, 60, ACKNOWLEDGED, 2, "b"), write(61, 70, ACKNOWLEDGED, 1, "a")), List.of())))
                .containsExactly("stale primary acknowledged");
    }

    @Test
    void aPromotionThatOnlyOthersSawCounts() {
        List<Operation> late = List.of(write(61, 70, ACKNOWLEDGED, 1, "a"));
        assertThat(promises(FencingCheck.check(late, List.of(new Promotion("s0", 2, 60)))))
                .containsExactly("stale primary acknowledged");
        assertThat(FencingCheck.check(late, List.of(new Promotion("s1", 2, 60))))
                .isEmpty();
        assertThat(FencingCheck.check(late, List.of(new Promotion("s0", 1, 60))))
                .isEmpty();
    }

    @Test
    void anOldPrimaryMayTryAndFail() {
        assertThat(FencingCheck.check(
                        List.of(
                                write(50, 60, ACKNOWLEDGED, 2, "b"),
                                write(61, 70, UNKNOWN, 1, "a"),
                                write(71, 80, FAILED, 1, "a")),
                        List.of()))
                .isEmpty();
    }

    @Test
    void aReadTellsOfAPromotion() {
        Operation read = new Operation(0, new Read(null), 7, 0, 10, ACKNOWLEDGED, "s0", new Seen(3, "c", 9), null);
        assertThat(promises(FencingCheck.check(List.of(read, write(10, 20, ACKNOWLEDGED, 2, "b")), List.of())))
                .containsExactly("stale primary acknowledged");
    }

    @Test
    void twoPrimariesOfOneTermAreFound() {
        assertThat(promises(FencingCheck.check(
                        List.of(write(0, 10, ACKNOWLEDGED, 2, "a"), write(5, 15, ACKNOWLEDGED, 2, "b")), List.of())))
                .containsExactly("two primaries in a term");
    }

    @Test
    void aRouterMayAnswerOutOfOrderOnlyWhatWasAskedAtOnce() {
        assertThat(RouteCheck.check(List.of(answer(2, 0, 10), answer(1, 5, 15), answer(2, 16, 17))))
                .isEmpty();
        assertThat(promises(RouteCheck.check(List.of(answer(2, 0, 10), answer(1, 11, 15)))))
                .containsExactly("router went back");
        assertThat(promises(RouteCheck.check(List.of(answer(1, 20, 30), answer(2, 0, 10), answer(1, 2, 12)))))
                .containsExactly("router went back");
    }

    private static RouteCheck.Answer answer(long term, long began, long ended) {
        return new RouteCheck.Answer("s0", term, began, ended);
    }

    private static Operation insert(long id, Outcome outcome) {
        return new Operation(0, new Insert(id), 7, 0, 1, outcome, "s0", null, null);
    }

    private static Operation write(long began, long ended, Outcome outcome, long term, String instance) {
        return new Operation(
                0, new Insert(began), 7, began, ended, outcome, "s0", new Seen(term, instance, ended - 1), null);
    }

    private static List<String> promises(List<Violation> violations) {
        return violations.stream().map(Violation::promise).toList();
    }
}
