package io.pgmosaic.checker;

import io.pgmosaic.checker.Operation.Action.Insert;
import io.pgmosaic.checker.Operation.Action.Read;
import io.pgmosaic.checker.Operation.Action.Swap;
import io.pgmosaic.checker.Operation.Action.Write;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Whether the history of each register is linearizable: whether there is an order of its operations that a single register
 * could have gone through, in which whatever ended before another began comes first. An operation of unknown outcome may
 * have its place anywhere after its beginning, or none. All registers are absent (null) at first.
 *
 * <p>This is the search of Wing and Gong with Lowe's memory of what was tried: the operations done so far, as a set, and the
 * register's value. Values are written once each, so an operation of unknown outcome whose value nobody saw can be left out:
 * take an order of the whole history, remove it, and it still is one, since whoever comes after it until the next write did
 * not look.
 */
public final class RegisterCheck {
    private static final int MOST_STATES = 1_000_000;

    private RegisterCheck() {}

    /** Checks every register that was used. Inserts are no business of this check. */
    public static List<Violation> check(List<Operation> operations) {
        Map<Long, List<Operation>> byKey = operations.stream()
                .filter(operation -> !(operation.action() instanceof Insert))
                .filter(operation -> operation.outcome() != Operation.Outcome.FAILED)
                .filter(operation -> operation.isWrite() || operation.isAcknowledged())
                .collect(Collectors.groupingBy(Operation::key, TreeMap::new, Collectors.toList()));
        List<Violation> violations = new ArrayList<>();
        byKey.forEach((key, history) -> {
            Search search = new Search(relevant(history));
            if (!search.run()) {
                violations.add(new Violation(
                        search.gaveUp() ? "register undecided" : "register not linearizable",
                        "key " + key + ", " + search.deepest()));
            }
        });
        return violations;
    }

    private static List<Operation> relevant(List<Operation> history) {
        List<Operation> kept = history;
        while (true) {
            Set<Long> seen = new HashSet<>();
            for (Operation operation : kept) {
                Long expected = expected(operation);
                if (expected != null) {
                    seen.add(expected);
                }
            }
            List<Operation> fewer = kept.stream()
                    .filter(operation -> operation.isAcknowledged() || seen.contains(written(operation)))
                    .toList();
            if (fewer.size() == kept.size()) {
                return fewer;
            }
            kept = fewer;
        }
    }

    private static @Nullable Long expected(Operation operation) {
        return switch (operation.action()) {
            case Read read -> read.value();
            case Swap swap -> swap.expected();
            case Write write -> null;
            case Insert insert -> null;
        };
    }

    private static @Nullable Long written(Operation operation) {
        return switch (operation.action()) {
            case Write write -> write.value();
            case Swap swap -> swap.value();
            case Read read -> null;
            case Insert insert -> null;
        };
    }

    /**
     * What was tried: every operation before {@code first} is done, of those from there on the ones in {@code beyond}, whose
     * bit 0 is {@code first} itself, and this is the value.
     */
    private record State(
            int first,
            BitSet beyond,
            int acknowledged,
            @Nullable Long value) {
        boolean isDone(int index) {
            return index < first || beyond.get(index - first);
        }

        State after(int index, Operation operation) {
            BitSet done = (BitSet) beyond.clone();
            done.set(index - first);
            int full = done.nextClearBit(0);
            return new State(
                    first + full,
                    done.get(full, Math.max(full, done.length())),
                    acknowledged + (operation.isAcknowledged() ? 1 : 0),
                    operation.isWrite() ? written(operation) : value);
        }
    }

    private static final class Search {
        private final List<Operation> history;
        private final Set<State> tried = new HashSet<>();
        private final int acknowledged;
        private int most = -1;
        private String deepest = "";
        private boolean gaveUp;

        Search(List<Operation> history) {
            this.history = history.stream()
                    .sorted(Comparator.comparingLong(Operation::began))
                    .toList();
            acknowledged =
                    (int) history.stream().filter(Operation::isAcknowledged).count();
        }

        boolean gaveUp() {
            return gaveUp;
        }

        /** Where the longest order that works ends, and what could not come next. */
        String deepest() {
            return deepest;
        }

        boolean run() {
            List<State> open = new ArrayList<>();
            open.add(new State(0, new BitSet(), 0, null));
            while (!open.isEmpty()) {
                State state = open.removeLast();
                if (!tried.add(state)) {
                    continue;
                }
                if (tried.size() > MOST_STATES) {
                    gaveUp = true;
                    return false;
                }
                if (state.acknowledged() == acknowledged) {
                    return true;
                }
                List<Integer> candidates = candidates(state);
                if (state.acknowledged() > most) {
                    most = state.acknowledged();
                    deepest = describe(state, candidates);
                }
                for (int candidate : choices(state, candidates).reversed()) {
                    open.add(state.after(candidate, history.get(candidate)));
                }
            }
            return false;
        }

        /** A read that fits changes nothing, so it may as well come now; else whatever fits has to be tried. */
        private List<Integer> choices(State state, List<Integer> candidates) {
            List<Integer> fitting = candidates.stream()
                    .filter(candidate -> fits(history.get(candidate), state.value()))
                    .toList();
            return fitting.stream()
                    .filter(candidate -> !history.get(candidate).isWrite())
                    .findFirst()
                    .map(List::of)
                    .orElse(fitting);
        }

        /** Those that began before the first end of what is not done. */
        private List<Integer> candidates(State state) {
            long firstEnd = Long.MAX_VALUE;
            List<Integer> candidates = new ArrayList<>();
            for (int index = state.first(); index < history.size(); index++) {
                if (state.isDone(index)) {
                    continue;
                }
                Operation operation = history.get(index);
                if (operation.began() > firstEnd) {
                    break;
                }
                candidates.add(index);
                if (operation.isAcknowledged()) {
                    firstEnd = Math.min(firstEnd, operation.ended());
                }
            }
            return candidates;
        }

        private static boolean fits(Operation operation, @Nullable Long value) {
            return operation.action() instanceof Write || Objects.equals(expected(operation), value);
        }

        private String describe(State state, List<Integer> candidates) {
            return state.acknowledged() + " of " + acknowledged + " operations have an order; then the value is "
                    + state.value()
                    + " and next could only be "
                    + candidates.stream()
                            .map(index -> history.get(index).toString())
                            .collect(Collectors.joining("; "));
        }
    }
}
