package io.pgmosaic.router.load;

import io.pgmosaic.router.lookup.Intent;
import org.jspecify.annotations.Nullable;

/**
 * What a client saw of statements on a shard.
 *
 * @param server the instance that served them; null when the client does not say
 * @param nanos how long each took, or about each of them
 * @param count how many there were; at least 1
 * @param priority of them, from 1 to {@link Priority#HIGHEST}
 */
public record StatementOutcome(
        String shard,
        @Nullable String server,
        Intent intent,
        StatementResult result,
        long nanos,
        int count,
        int priority) {}
