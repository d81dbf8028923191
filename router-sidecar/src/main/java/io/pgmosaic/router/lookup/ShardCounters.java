package io.pgmosaic.router.lookup;

import java.util.concurrent.atomic.LongAdder;

/** Requests that were sent to a shard. */
public record ShardCounters(LongAdder reads, LongAdder writes) {
    public LongAdder of(Intent intent) {
        return intent == Intent.READ ? reads : writes;
    }
}
