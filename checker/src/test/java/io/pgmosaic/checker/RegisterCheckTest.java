package io.pgmosaic.checker;

import io.pgmosaic.checker.Operation.Action;
import io.pgmosaic.checker.Operation.Action.Read;
import io.pgmosaic.checker.Operation.Action.Swap;
import io.pgmosaic.checker.Operation.Action.Write;
import io.pgmosaic.checker.Operation.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

import static io.pgmosaic.checker.Operation.Outcome.ACKNOWLEDGED;
import static io.pgmosaic.checker.Operation.Outcome.FAILED;
import static io.pgmosaic.checker.Operation.Outcome.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

/** Histories known to be good or bad, and generated ones that a register went through, or one that cheats. */
final class RegisterCheckTest {
    @Test
    void whatOneClientSeesInOrderIsLinearizable() {
        assertGood(
                did(0, 1, new Read(null)),
                did(2, 3, new Write(1)),
                did(4, 5, new Read(1L)),
                did(6, 7, new Swap(1L, 2)),
                did(8, 9, new Read(2L)));
    }

    @Test
    void concurrentOperationsMayHaveEitherOrder() {
        assertGood(did(0, 10, new Write(1)), did(1, 9, new Write(2)), did(11, 12, new Read(1L)));
        assertGood(did(0, 10, new Write(1)), did(1, 9, new Write(2)), did(11, 12, new Read(2L)));
        assertGood(did(0, 10, new Write(1)), did(2, 3, new Read(null)), did(4, 5, new Read(1L)));
    }

    @Test
    void aStaleReadAfterAFailoverIsFound() {
        assertBad(did(0, 1, new Write(1)), did(2, 3, new Write(2)), did(4, 5, new Read(1L)));
        assertBad(did(0, 10, new Write(1)), did(2, 3, new Read(1L)), did(4, 5, new Read(null)));
    }

    @Test
    void aLostWriteIsFound() {
        assertBad(did(0, 1, new Write(1)), did(2, 3, new Swap(1L, 2)), did(4, 5, new Swap(1L, 3)));
        assertBad(did(0, 1, new Write(1)), did(2, 3, new Read(null)));
    }

    @Test
    void aWriteThatVanishedAndCameBackIsFound() {
        assertBad(
                did(0, 1, new Write(1)),
                did(2, 9, UNKNOWN, new Write(2)),
                did(10, 11, new Read(2L)),
                did(12, 13, new Read(1L)));
        assertBad(
                did(0, 1, new Write(1)),
                did(2, 9, UNKNOWN, new Write(2)),
                did(10, 11, new Read(2L)),
                did(12, 13, new Write(3)),
                did(14, 15, new Read(3L)),
                did(16, 17, new Read(2L)));
    }

    @Test
    void aFailedWriteThatTookEffectIsFound() {
        assertBad(did(0, 1, new Write(1)), did(2, 3, FAILED, new Write(2)), did(4, 5, new Read(2L)));
    }

    @Test
    void anUnknownWriteMayTakeEffectLateOrNever() {
        assertGood(did(0, 1, new Write(1)), did(2, 3, UNKNOWN, new Write(2)), did(4, 5, new Read(1L)));
        assertGood(
                did(0, 1, new Write(1)),
                did(2, 3, UNKNOWN, new Write(2)),
                did(4, 5, new Read(1L)),
                did(6, 7, new Read(2L)));
        assertGood(
                did(0, 1, new Write(1)),
                did(2, 3, UNKNOWN, new Swap(1L, 2)),
                did(2, 3, UNKNOWN, new Swap(2L, 3)),
                did(6, 7, new Read(3L)));
    }

    @Test
    void anUnknownWriteTakesNoEffectBeforeItBegins() {
        assertBad(did(0, 1, new Write(1)), did(2, 3, new Read(2L)), did(4, 5, UNKNOWN, new Write(2)));
    }

    @Test
    void twoSwapsOfOneValueAreFound() {
        assertBad(did(0, 1, new Write(1)), did(2, 9, new Swap(1L, 2)), did(2, 9, new Swap(1L, 3)));
    }

    @Test
    void registersAreCheckedEachByItself() {
        List<Operation> operations = new ArrayList<>();
        operations.add(on(1, did(0, 1, new Write(1))));
        operations.add(on(2, did(2, 3, new Read(null))));
        operations.add(on(3, did(0, 1, new Write(2))));
        operations.add(on(3, did(2, 3, new Read(null))));
        assertThat(RegisterCheck.check(operations))
                .singleElement()
                .satisfies(violation -> assertThat(violation.evidence()).startsWith("key 3,"));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    @Timeout(20)
    void longHistoriesOfARealRegisterAreLinearizable(long seed) {
        assertThat(RegisterCheck.check(Generated.history(seed, 3_000, 8, false)))
                .as("seed %d", seed)
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    @Timeout(20)
    void aWriteThatARegisterForgetsIsFoundInALongHistory(long seed) {
        assertThat(RegisterCheck.check(Generated.history(seed, 3_000, 8, true)))
                .as("seed %d", seed)
                .singleElement()
                .satisfies(violation -> assertThat(violation.promise()).isEqualTo("register not linearizable"));
    }

    /** What clients of one register record; the register is a variable, so each effect has a moment. */
    private static final class Generated {
        static List<Operation> history(long seed, int operations, int clients, boolean forgets) {
            SplittableRandom random = new SplittableRandom(seed);
            long[] free = new long[clients];
            List<Operation> history = new ArrayList<>();
            Long value = null;
            for (int count = 1; count <= operations; count++) {
                long effect = count * 100L;
                int client = random.nextInt(clients);
                long began = Math.max(free[client], effect - random.nextInt(500));
                if (began > effect) {
                    began = effect;
                }
                boolean fails = random.nextInt(20) == 0;
                boolean unknown = !fails && random.nextInt(10) == 0;
                boolean applies = !fails && (!unknown || random.nextBoolean());
                Action action =
                        switch (random.nextInt(3)) {
                            case 0 -> new Read(value);
                            case 1 -> new Write(count);
                            default -> new Swap(value, count);
                        };
                if (!(action instanceof Read) && applies) {
                    value = (long) count;
                }
                Outcome outcome = fails ? FAILED : unknown ? UNKNOWN : ACKNOWLEDGED;
                long ended = effect + 1 + random.nextInt(300);
                free[client] = ended + 1;
                history.add(new Operation(client, action, 7, began, ended, outcome, "s0", null, null));
                if (forgets && count == operations / 2) {
                    history.add(at(effect + 10, new Write(-1)));
                    history.add(at(effect + 20, new Write(-2)));
                    history.add(at(effect + 30, new Read(-1L)));
                    value = -2L;
                }
            }
            return history;
        }

        private static Operation at(long began, Action action) {
            return did(began, began + 1, action);
        }
    }

    private static Operation did(long began, long ended, Action action) {
        return did(began, ended, ACKNOWLEDGED, action);
    }

    private static Operation did(long began, long ended, Outcome outcome, Action action) {
        return new Operation(0, action, 7, began, ended, outcome, "s0", null, null);
    }

    private static Operation on(long key, Operation operation) {
        return new Operation(
                operation.client(),
                operation.action(),
                key,
                operation.began(),
                operation.ended(),
                operation.outcome(),
                operation.shard(),
                operation.seen(),
                operation.problem());
    }

    private static void assertGood(Operation... history) {
        assertThat(RegisterCheck.check(List.of(history))).isEmpty();
    }

    private static void assertBad(Operation... history) {
        assertThat(RegisterCheck.check(List.of(history)))
                .singleElement()
                .satisfies(violation -> assertThat(violation.promise()).isEqualTo("register not linearizable"));
    }
}
