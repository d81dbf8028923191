package io.pgmosaic.router.ids;

import java.time.Instant;

/**
 * The snowflakes of one grant: 41 bits of milliseconds since {@link #EPOCH}, 10 of machine number, 12 of sequence. Without a
 * clock of its own and without I/O. Thread-safe.
 *
 * <p>It counts in ticks, of which a millisecond has {@value #TICKS_PER_MILLI}; a tick is given once, and they grow. A burst may
 * be ahead of the clock by {@value #LEAD_MILLIS} ms; what goes further is to be handed out that much later. While the clock is
 * behind the times that were given already, as after it was set back, they go on from the last one no faster than time passes.
 */
final class Snowflakes {
    static final Instant EPOCH = Instant.parse("2020-01-01T00:00:00Z");

    static final int MACHINE_BITS = 10;
    static final int SEQUENCE_BITS = 12;
    static final long TICKS_PER_MILLI = 1 << SEQUENCE_BITS;

    /** How far ids may be ahead of the clock. */
    static final long LEAD_MILLIS = 10;
    /** Whoever would have to wait longer is told to come later. */
    static final long LONGEST_WAIT_MILLIS = 1_000;
    /** How far the clock may be behind; beyond it somebody set it wrong, and ids would be dated far from the truth. */
    static final long MOST_BEHIND_MILLIS = 5_000;

    private static final long END_MILLIS = 1L << 41;

    private final int machineId;
    private long endMillis;
    private long next;
    private long heard;
    private long setBack;

    /**
     * @param firstTick the earliest tick that is not used
     * @param notAfter ids have earlier times
     */
    Snowflakes(int machineId, long firstTick, Instant notAfter) {
        if (machineId < 0 || machineId >= 1 << MACHINE_BITS) {
            throw new IllegalArgumentException("no machine number: " + machineId);
        }
        this.machineId = machineId;
        this.next = Math.max(0, firstTick);
        this.heard = next / TICKS_PER_MILLI;
        this.endMillis = end(notAfter);
    }

    /** Goes on with the same machine number under another grant. */
    synchronized void extend(long firstTick, Instant notAfter) {
        if (firstTick > next) {
            next = firstTick;
            heard = Math.max(heard, next / TICKS_PER_MILLI);
        }
        endMillis = end(notAfter);
    }

    /** The first tick of an instant; negative before the epoch. */
    static long tick(Instant time) {
        return millis(time.toEpochMilli()) * TICKS_PER_MILLI;
    }

    int machineId() {
        return machineId;
    }

    /** The earliest tick that is not used. */
    synchronized long nextTick() {
        return next;
    }

    /**
     * Takes ids, all or none.
     *
     * @param epochMillis what the clock shows, since 1970
     */
    synchronized Draw draw(int count, long epochMillis) {
        long now = millis(epochMillis);
        long reached = next / TICKS_PER_MILLI;
        // What it was set back adds up, and is made good as the clock comes near the times that were given.
        setBack += Math.max(0, heard - now);
        setBack = Math.clamp(reached - now, 0, setBack);
        heard = now;
        if (setBack > MOST_BEHIND_MILLIS) {
            return new Draw.ClockBehind(setBack);
        }
        long first = Math.max(next, now * TICKS_PER_MILLI);
        long last = (first + count - 1) / TICKS_PER_MILLI;
        if (last >= endMillis) {
            return new Draw.ClockAhead(last - endMillis + 1);
        }
        long wait = Math.max(0, last - (now + setBack + LEAD_MILLIS));
        if (wait > LONGEST_WAIT_MILLIS) {
            return new Draw.Busy(wait);
        }
        next = first + count;
        return new Draw.Drawn(machineId, first, count, wait);
    }

    private static long end(Instant notAfter) {
        return Math.min(END_MILLIS, millis(notAfter.toEpochMilli()));
    }

    private static long millis(long epochMillis) {
        return epochMillis - EPOCH.toEpochMilli();
    }
}
