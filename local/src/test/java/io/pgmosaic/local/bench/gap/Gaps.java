package io.pgmosaic.local.bench.gap;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The gaps of a benchmark's rounds. */
public final class Gaps {
    private final List<Double> seconds = new ArrayList<>();

    /** Adds a round's gap. */
    public void add(Duration gap) {
        seconds.add(gap.toNanos() / 1e9);
    }

    /** The nearest-rank percentile in seconds: the smallest gap that {@code share} of all gaps do not exceed. */
    public double percentile(double share) {
        List<Double> sorted = seconds.stream().sorted().toList();
        int rank = (int) Math.ceil(share * sorted.size());
        return sorted.get(Math.max(1, rank) - 1);
    }

    /** All of them in the order of the rounds, in seconds. */
    @Override
    public String toString() {
        return seconds.stream()
                .map(gap -> String.format(java.util.Locale.ROOT, "%.2f", gap))
                .toList()
                .toString();
    }
}
