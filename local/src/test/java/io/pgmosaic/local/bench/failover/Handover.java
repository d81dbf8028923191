package io.pgmosaic.local.bench.failover;

import io.pgmosaic.local.bench.gap.Fault;
import io.pgmosaic.local.demo.StepFailed;

/** Asks for switchovers, each to a standby that is not the primary yet. */
final class Handover {
    private final ShardUnderTest shard;
    private int requests;

    Handover(ShardUnderTest shard) {
        this.shard = shard;
    }

    /** The request for another one, to be made when it strikes. */
    Fault next() throws StepFailed {
        String name = shard.shard().name();
        String to = shard.standby();
        String request = "round " + ++requests;
        return () ->
                shard.patch("{\"spec\": {\"switchover\": [{\"shard\": \"%s\", \"to\": \"%s\", \"request\": \"%s\"}]}}"
                        .formatted(name, to, request));
    }
}
