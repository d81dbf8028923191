package io.pgmosaic.client.scatter;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * Which shards to ask, and how long and hard.
 *
 * @param tables only shards that may hold rows of one of these; empty for all shards
 * @param timeout for everything together. What still runs then is cancelled
 * @param parallelism how many shards at once, at most
 * @param fromReplicas whether replicas may answer, as with {@code ReadGuarantee.eventual()}; else primaries do
 */
public record ScatterRequest(
        List<String> tables, MissingShards missing, Duration timeout, int parallelism, boolean fromReplicas) {
    private static final int DEFAULT_PARALLELISM = 16;

    /** @throws IllegalArgumentException when the time or the parallelism is not positive */
    public ScatterRequest {
        tables = List.copyOf(tables);
        if (!timeout.isPositive() || parallelism < 1) {
            throw new IllegalArgumentException("a query over shards has some time and asks at least one at once");
        }
    }

    /** All primaries, 16 at once; the query fails with the first that fails. */
    public static ScatterRequest within(Duration timeout) {
        return new ScatterRequest(List.of(), MissingShards.FAIL, timeout, DEFAULT_PARALLELISM, false);
    }

    /** This for shards that may hold rows of one of {@code names}. */
    public ScatterRequest forTables(String... names) {
        return new ScatterRequest(Arrays.asList(names), missing, timeout, parallelism, fromReplicas);
    }

    /** This with another way to deal with shards that do not answer. */
    public ScatterRequest ifMissing(MissingShards other) {
        return new ScatterRequest(tables, other, timeout, parallelism, fromReplicas);
    }

    /** This with another number of shards at once. */
    public ScatterRequest atOnce(int other) {
        return new ScatterRequest(tables, missing, timeout, other, fromReplicas);
    }

    /** This of replicas, where there are some that lag little. */
    public ScatterRequest ofReplicas() {
        return new ScatterRequest(tables, missing, timeout, parallelism, true);
    }
}
