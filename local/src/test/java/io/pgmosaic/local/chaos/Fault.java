package io.pgmosaic.local.chaos;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Something that breaks.
 *
 * @param place where; for a kind that has no place of its own, unused
 * @param after how long after the round's beginning
 * @param lasting how long, for a kind that ends; else zero
 */
record Fault(Kind kind, Place place, Duration after, Duration lasting) {
    /** How it breaks. */
    enum Kind {
        POSTGRES_KILL("PostgreSQL killed", true, false),
        MANAGER_KILL("instance manager killed", true, false),
        POD_KILL("pod killed", true, false),
        POSTGRES_STOP("PostgreSQL stopped", true, true),
        POD_STOP("pod stopped", true, true),
        DISK_FULL("disk full", true, true),
        OPERATOR_KILL("operator killed", false, false),
        API_STOP("Kubernetes API away", false, true),
        OPERATOR_STOP("operator stopped", false, true),
        ROUTER_KILL("router killed", false, false),
        CONNECTIONS_CUT("connections cut", true, false);

        private final String words;
        private final boolean local;
        private final boolean lasts;

        Kind(String words, boolean local, boolean lasts) {
            this.words = words;
            this.local = local;
            this.lasts = lasts;
        }

        /** Those that {@link Soak} brings about. */
        static Set<Kind> ofSoak() {
            return EnumSet.range(POSTGRES_KILL, API_STOP);
        }

        /** Those that {@link SplitSoak} brings about. */
        static Set<Kind> ofSplits() {
            return EnumSet.complementOf(EnumSet.of(DISK_FULL));
        }

        /** Whether it happens to one instance. */
        boolean isLocal() {
            return local;
        }

        /** Whether it ends by being undone. */
        boolean lasts() {
            return lasts;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    /**
     * An instance by what it is when the fault happens.
     *
     * @param standby 0 for the primary, 1 for the first standby by name, and so on
     */
    record Place(int shard, int standby) {
        @Override
        public String toString() {
            return "s" + shard + (standby == 0 ? " primary" : " standby " + standby);
        }
    }

    /** What to count it as in figures: its kind, and whether it hit a primary. */
    String figure() {
        return kind.isLocal() ? kind + ", " + (place.standby() == 0 ? "primary" : "standby") : kind.toString();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(kind.toString());
        if (kind.isLocal()) {
            text.append(" of ").append(place);
        }
        if (kind.lasts()) {
            text.append(" for ").append(lasting.toMillis()).append(" ms");
        }
        return after.isZero() ? text.toString() : text + " after " + after.toMillis() + " ms";
    }

    /**
     * Faults that happen together, after which the cluster gets the time that it needs.
     *
     * @param pause from when all is well until the first of them
     */
    record Round(Duration pause, List<Fault> faults) {
        Round {
            faults = List.copyOf(faults);
        }

        @Override
        public String toString() {
            return "pause " + pause.toMillis() + " ms, then "
                    + String.join(" and ", faults.stream().map(Fault::toString).toList());
        }
    }
}
