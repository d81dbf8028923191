package io.pgmosaic.instance.command;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Counts what is worth telling at once, from the start of the process, and lets others wait for the next. */
public final class Changes {
    private final Map<Long, CompletableFuture<Void>> waiting = new HashMap<>();
    private long waiters;
    private long count;

    /** Something changed. Who waits is told on the calling thread, and must be quick. */
    public void happened() {
        List<CompletableFuture<Void>> told;
        synchronized (this) {
            count++;
            told = new ArrayList<>(waiting.values());
            waiting.clear();
        }
        told.forEach(each -> each.complete(null));
    }

    public synchronized long count() {
        return count;
    }

    /**
     * @param seen the count that is known already
     * @return completed once the count is another, at the latest after {@code patience}; no thread waits for it
     */
    public CompletableFuture<Void> after(long seen, Duration patience) {
        CompletableFuture<Void> next = new CompletableFuture<>();
        long number;
        synchronized (this) {
            if (count != seen || !patience.isPositive()) {
                next.complete(null);
                return next;
            }
            number = ++waiters;
            waiting.put(number, next);
        }
        return next.completeOnTimeout(null, patience.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((nothing, failure) -> forget(number));
    }

    private synchronized void forget(long number) {
        waiting.remove(number);
    }
}
