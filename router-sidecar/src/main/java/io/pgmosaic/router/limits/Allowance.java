package io.pgmosaic.router.limits;

/** What is left to one key. Times are by {@link System#nanoTime} and never go back. Not thread-safe. */
interface Allowance {
    /**
     * Takes one lookup, if there is one.
     *
     * @return 0 when it was taken, else in how many nanoseconds there may be one
     */
    long take(long now);

    /** Whether forgetting the key now would make no difference. */
    boolean isWhole(long now);
}
