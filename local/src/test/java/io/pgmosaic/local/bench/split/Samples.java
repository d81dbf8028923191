package io.pgmosaic.local.bench.split;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** What was measured again and again. */
final class Samples {
    private final List<Double> values = new ArrayList<>();

    void add(double value) {
        values.add(value);
    }

    int size() {
        return values.size();
    }

    double last() {
        return values.getLast();
    }

    double greatest() {
        return Collections.max(values);
    }

    double median() {
        return percentile(0.5);
    }

    /** The nearest-rank percentile: the smallest value that {@code share} of all do not exceed. */
    double percentile(double share) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get(Math.max(1, (int) Math.ceil(share * sorted.size())) - 1);
    }

    /** All of them, in their order. */
    String list(String format) {
        return values.stream()
                .map(value -> String.format(Locale.ROOT, format, value))
                .toList()
                .toString();
    }
}
