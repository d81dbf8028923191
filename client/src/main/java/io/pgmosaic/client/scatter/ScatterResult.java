package io.pgmosaic.client.scatter;

import org.jspecify.annotations.Nullable;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What shards answered.
 *
 * @param <T> of one shard
 * @param results by shard, of those that answered
 * @param missing why, of each shard that did not; empty unless that was allowed
 */
public record ScatterResult<T extends @Nullable Object>(Map<String, T> results, Map<String, Exception> missing) {
    public ScatterResult {
        results = Collections.unmodifiableMap(new LinkedHashMap<>(results));
        missing = Collections.unmodifiableMap(new LinkedHashMap<>(missing));
    }

    /** Whether every shard that was asked answered. */
    public boolean isComplete() {
        return missing.isEmpty();
    }
}
