package io.pgmosaic.operator.simulation;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/** Runs schedules on all processors until one fails. */
final class Runs {
    /** A seed and what was found with it. */
    record Failed(long seed, String message) {}

    private Runs() {}

    /**
     * @param from the first seed; the others follow it
     * @return the failed one with the lowest seed that was found; null when none failed
     */
    static @Nullable Failed firstFailure(Mutant mutant, long from, long schedules, Totals totals)
            throws InterruptedException, ExecutionException {
        AtomicLong next = new AtomicLong(from);
        AtomicLong end = new AtomicLong(from + schedules);
        List<Future<@Nullable Failed>> threads = new ArrayList<>();
        try (ExecutorService executor =
                Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
            for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
                threads.add(executor.submit(() -> run(mutant, next, end, totals)));
            }
        }
        Failed first = null;
        for (Future<@Nullable Failed> thread : threads) {
            Failed failed = thread.get();
            first = failed != null && (first == null || failed.seed() < first.seed()) ? failed : first;
        }
        return first;
    }

    private static @Nullable Failed run(Mutant mutant, AtomicLong next, AtomicLong end, Totals totals) {
        Trace silent = new Trace(false);
        for (long seed = next.getAndIncrement(); seed < end.get(); seed = next.getAndIncrement()) {
            String failure = Schedule.failure(seed, mutant, silent, totals);
            if (failure != null) {
                end.set(seed);
                return new Failed(seed, failure);
            }
        }
        return null;
    }

    /** What happened in this one, in words. */
    static String replay(long seed, Mutant mutant) {
        Trace trace = new Trace(true);
        String failure = Schedule.failure(seed, mutant, trace, new Totals());
        return trace + (failure == null ? "all held" : failure);
    }
}
