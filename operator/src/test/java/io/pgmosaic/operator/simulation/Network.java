package io.pgmosaic.operator.simulation;

import java.util.Arrays;
import java.util.List;

/** Who can send to whom. Instances come first, then the operators. */
final class Network {
    private final boolean[][] cut = new boolean[Shard.MOST + Shard.OPERATORS][Shard.MOST + Shard.OPERATORS];

    boolean carries(int from, int to) {
        return !cut[from][to];
    }

    boolean bothWays(int one, int other) {
        return carries(one, other) && carries(other, one);
    }

    /** A break between one and another, everybody, or some; in one direction or in both. */
    void breakSome(Chance chance, int instances) {
        int one = chance.below(instances);
        int share = chance.one(List.of(100, 60, 25));
        boolean both = chance.percent(70);
        for (int other = 0; other < cut.length; other++) {
            if (other != one && chance.percent(share)) {
                cut[one][other] = true;
                cut[other][one] |= both;
            }
        }
    }

    /** This one is left alone with a few. */
    void breakAround(Chance chance, int one) {
        for (int other = 0; other < cut.length; other++) {
            if (other != one && chance.percent(70)) {
                cut[one][other] = true;
                cut[other][one] = true;
            }
        }
    }

    /** This one is left alone with that other. */
    void leaveAlone(int one, int with) {
        for (int other = 0; other < cut.length; other++) {
            cut[one][other] = other != one && other != with;
            cut[other][one] = cut[one][other];
        }
    }

    void heal() {
        for (boolean[] from : cut) {
            Arrays.fill(from, false);
        }
    }
}
