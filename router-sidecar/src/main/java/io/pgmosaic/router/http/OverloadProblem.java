package io.pgmosaic.router.http;

import io.pgmosaic.protocol.topology.RateLimit;
import io.pgmosaic.router.limits.KeyLimits;
import io.pgmosaic.router.load.Priority;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What is said to those for whom there is too much going on. */
final class OverloadProblem {
    private OverloadProblem() {}

    /** Does not repeat the key: problems are logged, and keys may be personal data. */
    static Problem rateLimited(String table, KeyLimits.Excess excess) {
        RateLimit limit = excess.limit();
        long millis = TimeUnit.NANOSECONDS.toMillis(excess.nanos()) + 1;
        Map<String, Object> extensions = new LinkedHashMap<>();
        extensions.put("table", table);
        extensions.put("limit", limit.limit());
        extensions.put("windowMillis", limit.windowMillis());
        extensions.put("retryAfterMillis", millis);
        return new Problem(
                ProblemType.RATE_LIMITED,
                "this key of " + table + " was looked up more than " + limit.limit() + " times in "
                        + limit.windowMillis() + " ms; keep the answer for a while, or ask again in " + millis + " ms",
                extensions,
                seconds(millis));
    }

    static Problem overloaded(String shard, long term, int priority) {
        Map<String, Object> extensions = new LinkedHashMap<>();
        extensions.put("shard", shard);
        extensions.put("term", term);
        extensions.put("priority", priority);
        return new Problem(
                ProblemType.SHARD_OVERLOADED,
                "shard " + shard
                        + " has too much to do, so lookups of the lowest priorities are refused; ask again after"
                        + " the time in Retry-After, and write priority=1 to " + Priority.HIGHEST
                        + " where one request matters less or more than others",
                extensions);
    }

    static Problem busy(String what) {
        return Problem.of(
                ProblemType.ROUTER_BUSY, "the router has " + what + "; ask again after the time in Retry-After");
    }

    private static int seconds(long millis) {
        return (int) ((millis + TimeUnit.SECONDS.toMillis(1) - 1) / TimeUnit.SECONDS.toMillis(1));
    }
}
