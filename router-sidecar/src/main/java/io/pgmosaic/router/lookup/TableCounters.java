package io.pgmosaic.router.lookup;

import java.util.concurrent.atomic.LongAdder;

/** Lookups of a table, by intent and outcome. */
public final class TableCounters {
    private final Counts reads = new Counts();
    private final Counts writes = new Counts();

    private record Counts(LongAdder answered, LongAdder unavailable, LongAdder refused) {
        Counts() {
            this(new LongAdder(), new LongAdder(), new LongAdder());
        }
    }

    public LongAdder of(Intent intent, Outcome outcome) {
        Counts counts = intent == Intent.READ ? reads : writes;
        return switch (outcome) {
            case ANSWERED -> counts.answered();
            case UNAVAILABLE -> counts.unavailable();
            case REFUSED -> counts.refused();
        };
    }
}
