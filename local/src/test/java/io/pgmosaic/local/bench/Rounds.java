package io.pgmosaic.local.bench;

/** How often a benchmark does what it measures. */
public final class Rounds {
    private static final String VARIABLE = "BENCH_ROUNDS";

    private Rounds() {}

    /** The number in the environment variable {@code BENCH_ROUNDS}, or {@code otherwise}. */
    public static int orElse(int otherwise) {
        String given = System.getenv(VARIABLE);
        if (given == null || given.isBlank()) {
            return otherwise;
        }
        int rounds = Integer.parseInt(given.strip());
        if (rounds < 1) {
            throw new IllegalArgumentException(VARIABLE + " is " + rounds + ", but at least 1 round is needed");
        }
        return rounds;
    }
}
