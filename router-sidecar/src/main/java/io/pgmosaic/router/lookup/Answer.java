package io.pgmosaic.router.lookup;

import io.pgmosaic.router.consistency.Consistency;
import io.vertx.core.buffer.Buffer;

import java.util.concurrent.atomic.LongAdder;

/** What a lookup that ends at a shard is answered with. */
public sealed interface Answer {
    String shard();

    /**
     * @param server the one to use
     * @param body a finished {@link RouteAnswer}; shared by all requests, never changed
     * @param count of the shard's requests of this intent
     */
    record Served(String shard, ChosenServer server, Buffer body, LongAdder count) implements Answer {}

    /**
     * No server that may serve the read now has the guarantee.
     *
     * @param reason why, for a person
     */
    record Unmet(String shard, long term, Consistency consistency, String reason) implements Answer {}

    /** @param reason why no server can serve it, for a person */
    record Unavailable(String shard, long term, Intent intent, String reason) implements Answer {}
}
