package io.pgmosaic.router.limits;

import io.pgmosaic.protocol.topology.RateLimit;
import io.pgmosaic.router.hotkeys.BoundedKey;
import io.pgmosaic.routing.key.Key;
import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * One limit and the keys that are counted against it. When there are too many, the one that was looked up longest ago is forgotten,
 * which gives it its whole allowance back. Thread-safe.
 */
final class KeyLimit {
    private static final int STRIPES = 8;

    private final RateLimit limit;
    private final double suspicious;
    private final Stripe[] stripes = new Stripe[STRIPES];

    private record Counted(String table, Key key) {}

    private static final class Stripe extends LinkedHashMap<Counted, Allowance> {
        private static final long serialVersionUID = 1L;

        private final int room;

        Stripe(int room) {
            super(16, 0.75f, true);
            this.room = room;
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<Counted, Allowance> eldest) {
            return size() > room;
        }
    }

    /** @param room how many keys may be counted at a time */
    KeyLimit(RateLimit limit, int room) {
        this.limit = limit;
        double perSecond = (double) limit.limit() * TimeUnit.SECONDS.toMillis(1) / limit.windowMillis();
        double atOnce = limit.algorithm() == RateLimit.Algorithm.TOKEN_BUCKET ? limit.burst() : limit.limit();
        this.suspicious = Math.min(atOnce, perSecond) / 2;
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new Stripe(Math.max(1, room / STRIPES));
        }
    }

    /** One in the place of another that was for the same keys: what they have taken goes on to count. */
    KeyLimit(RateLimit limit, int room, KeyLimit before, long now) {
        this(limit, room);
        for (int i = 0; i < STRIPES; i++) {
            synchronized (before.stripes[i]) {
                for (Map.Entry<Counted, Allowance> counted : before.stripes[i].entrySet()) {
                    stripes[i].put(counted.getKey(), counted.getValue().under(made(now), now));
                }
            }
        }
    }

    RateLimit limit() {
        return limit;
    }

    /** Whether it is for the keys of {@code other}, however often they may be looked up. */
    boolean isForKeysOf(RateLimit other) {
        return Objects.equals(limit.table(), other.table()) && limit.keys().equals(other.keys());
    }

    /**
     * Counts a lookup.
     *
     * @param lately how often the key was looked up lately, at most; nobody who is far below the limit takes memory
     * @return 0 when it may be answered, else in how many nanoseconds the next one may
     */
    long take(String table, Key key, double lately, long now) {
        Counted counted = new Counted(table, BoundedKey.of(key));
        Stripe stripe = stripes[(counted.hashCode() * 0x9E3779B9) >>> (Integer.SIZE - 3)];
        synchronized (stripe) {
            @Nullable Allowance allowance = stripe.get(counted);
            if (allowance == null) {
                if (lately < suspicious) {
                    return 0;
                }
                allowance = made(now);
                stripe.put(counted, allowance);
                forgetEldestIfWhole(stripe, now);
            }
            return allowance.take(now);
        }
    }

    /** How many keys are counted. */
    int size() {
        int size = 0;
        for (Stripe stripe : stripes) {
            synchronized (stripe) {
                size += stripe.size();
            }
        }
        return size;
    }

    /** Each new key pays for one that is at rest, so that those do not stay until there are too many. */
    private static void forgetEldestIfWhole(Stripe stripe, long now) {
        if (stripe.size() > 1 && stripe.firstEntry().getValue().isWhole(now)) {
            stripe.pollFirstEntry();
        }
    }

    private Allowance made(long now) {
        long window = TimeUnit.MILLISECONDS.toNanos(limit.windowMillis());
        return switch (limit.algorithm()) {
            case TOKEN_BUCKET -> new TokenBucket(limit.limit(), window, limit.burst(), now);
            case SLIDING_WINDOW -> new SlidingWindow(limit.limit(), window, now);
        };
    }
}
