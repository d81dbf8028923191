package io.pgmosaic.router.load;

import java.util.ArrayList;
import java.util.List;

/**
 * With which probability lookups of each priority are refused: the share that has to go is taken from the lowest priorities first.
 *
 * @param byPriority from {@link Priority#LOWEST} to {@link Priority#HIGHEST}, each from 0 to 1
 */
public record Refusals(List<Double> byPriority) {
    public static final Refusals NONE = new Refusals(List.of());

    public Refusals {
        byPriority = List.copyOf(byPriority);
    }

    /**
     * @param share of all lookups
     * @param offered how many lookups of each priority there are, or shares of them
     * @param everybody whether those of the highest priority may be refused
     */
    static Refusals of(double share, double[] offered, boolean everybody) {
        double left = 0;
        for (double count : offered) {
            left += count * share;
        }
        if (left <= 0) {
            return NONE;
        }
        List<Double> refused = new ArrayList<>();
        for (int i = 0; i < offered.length; i++) {
            boolean spared = i == offered.length - 1 && !everybody;
            double taken = spared ? 0 : Math.min(left, offered[i]);
            left -= taken;
            // A priority of which nobody came is treated as those below it are.
            refused.add(offered[i] > 0 ? taken / offered[i] : left > 0 && !spared ? 1.0 : 0.0);
        }
        return new Refusals(refused);
    }

    /** Of all lookups, which share is refused: less than was asked for where those of the highest priority are spared. */
    double share(double[] offered) {
        double all = 0;
        double refused = 0;
        for (int i = 0; i < offered.length && !isNone(); i++) {
            all += offered[i];
            refused += offered[i] * byPriority.get(i);
        }
        return all > 0 ? refused / all : 0;
    }

    boolean isNone() {
        return byPriority.isEmpty();
    }

    /** From 0 to 1. */
    double of(int priority) {
        return byPriority.isEmpty() ? 0 : byPriority.get(priority - Priority.LOWEST);
    }
}
