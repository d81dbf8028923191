package io.pgmosaic.router.load;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;

/** Loads by priority, as shares of what a shard can serve, and what came of them. */
final class PriorityLoads {
    private PriorityLoads() {}

    static double[] evenly(double sum) {
        double[] load = new double[Priority.HIGHEST];
        Arrays.fill(load, sum / load.length);
        return load;
    }

    static double[] only(int priority, double sum) {
        double[] load = new double[Priority.HIGHEST];
        load[priority - Priority.LOWEST] = sum;
        return load;
    }

    /** How many come where so many do on the average. */
    static int coming(Random random, double mean) {
        return (int) Math.max(0, Math.round(mean + random.nextGaussian() * Math.sqrt(mean)));
    }

    /** For each priority, which share was admitted; all where none came. */
    static List<Double> shares(double[] admitted, double[] came) {
        Double[] shares = new Double[admitted.length];
        for (int place = 0; place < admitted.length; place++) {
            shares[place] = came[place] == 0 ? 1 : admitted[place] / came[place];
        }
        return List.of(shares);
    }

    static <S> double mean(List<S> seconds, ToDoubleFunction<S> measure) {
        return seconds.stream().mapToDouble(measure).average().orElse(Double.NaN);
    }
}
