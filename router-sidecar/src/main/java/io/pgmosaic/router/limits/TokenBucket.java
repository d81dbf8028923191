package io.pgmosaic.router.limits;

/**
 * Tokens come evenly and are kept up to the burst; each lookup takes one. So in any time t there are at most burst + rate * t
 * lookups.
 */
final class TokenBucket implements Allowance {
    private final double perNano;
    private final int burst;
    private double tokens;
    private long filledAt;

    /** A full one. */
    TokenBucket(int limit, long windowNanos, int burst, long now) {
        this.perNano = (double) limit / windowNanos;
        this.burst = burst;
        this.tokens = burst;
        this.filledAt = now;
    }

    @Override
    public long take(long now) {
        fill(now);
        if (tokens >= 1) {
            tokens--;
            return 0;
        }
        return Math.max(1, (long) Math.ceil((1 - tokens) / perNano));
    }

    @Override
    public boolean isWhole(long now) {
        fill(now);
        return tokens >= burst;
    }

    @Override
    public Allowance under(Allowance whole, long now) {
        fill(now);
        if (whole instanceof TokenBucket bucket) {
            bucket.tokens = Math.max(0, bucket.burst - (burst - tokens));
            bucket.filledAt = filledAt;
        }
        return whole;
    }

    private void fill(long now) {
        long since = Math.max(0, now - filledAt);
        tokens = Math.min(burst, tokens + since * perNano);
        filledAt += since;
    }
}
