package io.pgmosaic.checker;

import io.pgmosaic.checker.Operation.Action.Insert;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Every acknowledged insert is there exactly once at the end, one that failed is not there, one of unknown outcome is there
 * at most once, and nothing is there that nobody inserted.
 */
public final class InsertCheck {
    private InsertCheck() {}

    /** @param found the ids on all shards at the end, as often as they were found */
    public static List<Violation> check(List<Operation> operations, List<Long> found) {
        Map<Long, Integer> counts = new HashMap<>();
        found.forEach(id -> counts.merge(id, 1, Integer::sum));
        List<Violation> violations = new ArrayList<>();
        for (Operation operation : operations) {
            if (!(operation.action() instanceof Insert insert)) {
                continue;
            }
            Integer present = counts.remove(insert.id());
            int count = present == null ? 0 : present;
            if (count > 1) {
                violations.add(new Violation("written twice", count + " rows of " + operation));
            } else if (operation.isAcknowledged() && count == 0) {
                violations.add(new Violation("acknowledged write lost", operation.toString()));
            } else if (operation.outcome() == Operation.Outcome.FAILED && count > 0) {
                violations.add(new Violation("failed write present", operation.toString()));
            }
        }
        counts.forEach((id, count) -> violations.add(new Violation("row that nobody wrote", "id " + id)));
        return violations;
    }
}
