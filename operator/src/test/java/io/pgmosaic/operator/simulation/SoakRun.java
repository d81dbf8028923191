package io.pgmosaic.operator.simulation;

import java.util.concurrent.ExecutionException;

/** Schedules that all held. */
public record SoakRun(long schedules, double seconds, long failovers, long acknowledged) {
    /**
     * @param from the first seed
     * @throws IllegalStateException when a schedule did not hold; the message tells it in words
     */
    public static SoakRun of(long from, long schedules) throws InterruptedException, ExecutionException {
        Totals totals = new Totals();
        long begun = System.nanoTime();
        Runs.Failed failed = Runs.firstFailure(Mutant.NONE, from, schedules, totals);
        double seconds = (System.nanoTime() - begun) / 1e9;
        if (failed != null) {
            throw new IllegalStateException(Runs.replay(failed.seed(), Mutant.NONE));
        }
        return new SoakRun(totals.schedules.get(), seconds, totals.failovers.get(), totals.acknowledged.get());
    }
}
