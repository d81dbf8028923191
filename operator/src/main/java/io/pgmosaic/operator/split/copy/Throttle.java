package io.pgmosaic.operator.split.copy;

import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * A token bucket that holds what is allowed in a fifth of a second. Who takes more than there is goes into debt and waits until it is
 * paid, so pieces of any size pass, and the rate is kept over any longer time.
 */
public final class Throttle {
    private static final long LONGEST_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final double BURST_SECONDS = 0.2;

    private final CopyLimits limits;
    private final LongSupplier nanoClock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private double tokens;
    private long filledAt;
    private long askedAt;

    public Throttle(CopyLimits limits, LongSupplier nanoClock) {
        this.limits = limits;
        this.nanoClock = nanoClock;
        this.filledAt = nanoClock.getAsLong();
        this.askedAt = filledAt - LONGEST_WAIT_NANOS;
    }

    /**
     * Returns when so many bytes may have been sent and nothing asks for a pause.
     *
     * @throws CancellationException when the copy is to end
     */
    public void take(long bytes) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            refill();
            tokens -= bytes;
            while (mustWait()) {
                if (limits.isCancelled().getAsBoolean()) {
                    throw new CancellationException("the copy was cancelled");
                }
                long unused = news.awaitNanos(waitNanos());
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean mustWait() {
        long rate = refill();
        boolean owes = rate > 0 && tokens < 0;
        long now = nanoClock.getAsLong();
        if (!owes && now - askedAt < LONGEST_WAIT_NANOS) {
            return false;
        }
        if (limits.isCancelled().getAsBoolean() || limits.pause().reason().isPresent()) {
            return true;
        }
        askedAt = now;
        return owes;
    }

    /** Until the debt is paid, or it is time to ask again. */
    private long waitNanos() {
        long rate = limits.bytesPerSecond().getAsLong();
        return rate > 0 && tokens < 0
                ? (long) Math.min((double) LONGEST_WAIT_NANOS, 1 - tokens / rate * 1e9)
                : LONGEST_WAIT_NANOS;
    }

    private long refill() {
        long rate = limits.bytesPerSecond().getAsLong();
        long now = nanoClock.getAsLong();
        double seconds = (now - filledAt) / 1e9;
        filledAt = now;
        tokens = rate > 0 ? Math.min(rate * BURST_SECONDS, tokens + rate * seconds) : 0;
        return rate;
    }
}
