package io.pgmosaic.checker.consistency;

import io.pgmosaic.checker.Violation;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;

/** What the applications have checked, and what they found. */
public final class ConsistencyLog {
    private final Counters counters;
    private final Map<Guarantee, LongAdder> checked = new EnumMap<>(Guarantee.class);
    private final Map<Guarantee, LongAdder> byReplicas = new EnumMap<>(Guarantee.class);
    private final Map<String, LongAdder> problems = new ConcurrentHashMap<>();
    private final Queue<Miss> misses = new ConcurrentLinkedQueue<>();

    /** A read that showed less than it had to, if what it had to show is there to stay. */
    record Miss(Guarantee guarantee, long key, long due, long found, String where) {}

    public ConsistencyLog(Counters counters) {
        this.counters = counters;
        for (Guarantee guarantee : Guarantee.values()) {
            checked.put(guarantee, new LongAdder());
            byReplicas.put(guarantee, new LongAdder());
        }
    }

    /** @param due the least value that the read may show */
    void read(Guarantee guarantee, long key, long due, long found, GuaranteedRouter.Target where) {
        of(checked, guarantee).increment();
        if (where.replica()) {
            of(byReplicas, guarantee).increment();
        }
        if (found < due) {
            misses.add(new Miss(guarantee, key, due, found, where.toString()));
        }
    }

    void failed(String problem) {
        problems.computeIfAbsent(problem, text -> new LongAdder()).increment();
    }

    private static LongAdder of(Map<Guarantee, LongAdder> counts, Guarantee guarantee) {
        return counts.getOrDefault(guarantee, new LongAdder());
    }

    public long checked(Guarantee guarantee) {
        return of(checked, guarantee).sum();
    }

    /** How many of the checked reads a replica served. */
    public long byReplicas(Guarantee guarantee) {
        return of(byReplicas, guarantee).sum();
    }

    /** How often something went wrong that is no violation, by what it was. */
    public Map<String, Long> problems() {
        Map<String, Long> counts = new java.util.TreeMap<>();
        problems.forEach((problem, count) -> counts.put(problem, count.sum()));
        return counts;
    }

    /**
     * The reads that showed less than they had to. A value that nobody was ever told of as committed may be seen and be gone
     * after a failover, so one that follows it may show less; but not less than the last value before it that somebody was told of.
     */
    public List<Violation> violations(Guarantee guarantee) {
        List<Violation> violations = new ArrayList<>();
        for (Miss miss : misses) {
            if (miss.guarantee() == guarantee && miss.found() < counters.lastAcknowledged(miss.key(), miss.due())) {
                violations.add(new Violation(guarantee.parameter() + " broken", miss.toString()));
            }
        }
        return violations;
    }
}
