package io.pgmosaic.router.lookup;

import java.util.concurrent.atomic.LongAdder;

/** Requests that were sent to a shard, by intent and by whether the server is in this router's zone. */
public final class ShardCounters {
    private final Counts reads = new Counts();
    private final Counts writes = new Counts();

    private record Counts(LongAdder near, LongAdder others) {
        Counts() {
            this(new LongAdder(), new LongAdder());
        }
    }

    public LongAdder of(Intent intent, boolean near) {
        return near ? counts(intent).near() : counts(intent).others();
    }

    public long all(Intent intent) {
        return counts(intent).near().sum() + counts(intent).others().sum();
    }

    /** Those that were sent to a server in this router's zone. */
    public long near(Intent intent) {
        return counts(intent).near().sum();
    }

    private Counts counts(Intent intent) {
        return intent == Intent.READ ? reads : writes;
    }
}
