package io.pgmosaic.checker;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * No write that began under an old term after a newer primary was there was acknowledged, and each term of a shard had one
 * primary at most. When a newer primary was there is known from those who saw it: whoever was answered under a term knows
 * that its primary was there at that moment.
 */
public final class FencingCheck {
    private FencingCheck() {}

    /** @param told what others than the clients know of promotions; the clients' own knowledge is added */
    public static List<Violation> check(List<Operation> operations, List<Promotion> told) {
        Map<String, NavigableMap<Long, Long>> known = new HashMap<>();
        told.forEach(promotion -> learn(known, promotion));
        List<Violation> violations = new ArrayList<>();
        Map<String, Map<Long, String>> primaries = new HashMap<>();
        for (Operation operation : operations) {
            Operation.Seen seen = operation.seen();
            String shard = operation.shard();
            if (seen == null) {
                continue;
            }
            learn(known, new Promotion(shard, seen.term(), seen.at()));
            if (operation.isWrite() && operation.isAcknowledged()) {
                String other = primaries
                        .computeIfAbsent(shard, name -> new HashMap<>())
                        .putIfAbsent(seen.term(), seen.instance());
                if (other != null && !other.equals(seen.instance())) {
                    violations.add(new Violation(
                            "two primaries in a term",
                            shard + " term " + seen.term() + ": " + other + " and " + operation));
                }
            }
        }
        for (Operation operation : operations) {
            Operation.Seen seen = operation.seen();
            String shard = operation.shard();
            if (seen == null || !operation.isWrite() || !operation.isAcknowledged()) {
                continue;
            }
            known.getOrDefault(shard, new TreeMap<>())
                    .tailMap(seen.term(), false)
                    .forEach((term, since) -> {
                        if (operation.began() > since) {
                            violations.add(new Violation(
                                    "stale primary acknowledged",
                                    "begun " + (operation.began() - since) / 1_000_000 + " ms after term " + term
                                            + " had its primary: " + operation));
                        }
                    });
        }
        return violations;
    }

    private static void learn(Map<String, NavigableMap<Long, Long>> known, Promotion promotion) {
        known.computeIfAbsent(promotion.shard(), shard -> new TreeMap<>())
                .merge(promotion.term(), promotion.known(), Math::min);
    }
}
