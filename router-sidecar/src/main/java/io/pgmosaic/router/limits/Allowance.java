package io.pgmosaic.router.limits;

/** What is left to one key. Times are by {@link System#nanoTime} and never go back. Not thread-safe. */
interface Allowance {
    /**
     * Takes one lookup, if there is one.
     *
     * @return 0 when it was taken, else in how many nanoseconds there may be one
     */
    long take(long now);

    /**
     * The same key under other numbers: what was taken stays taken, so that a change gives nobody a burst anew. Of another window or
     * another way to count, a whole one.
     *
     * @param whole what there would be if nothing had been taken
     */
    Allowance under(Allowance whole, long now);

    /** Whether forgetting the key now would make no difference. */
    boolean isWhole(long now);
}
