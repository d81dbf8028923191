package io.pgmosaic.client.load;

import com.fasterxml.jackson.databind.JsonNode;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * With which probability requests are refused, by shard and priority, as a router said last.
 *
 * @param until by {@link System#nanoTime}. What a router said longer ago is not gone by: nothing is refused by guess
 */
record Refusals(Map<String, List<Double>> byShard, long until) {
    private static final Duration BELIEVED = Duration.ofSeconds(5);

    static final Refusals NONE = new Refusals(Map.of(), 0);

    Refusals {
        byShard = Map.copyOf(byShard);
    }

    /** @param answer to a report */
    static Refusals of(JsonNode answer, long now) {
        Map<String, List<Double>> byShard = new HashMap<>();
        answer.path("refused").properties().forEach(shard -> {
            List<Double> byPriority = new ArrayList<>();
            shard.getValue().forEach(probability -> byPriority.add(probability.asDouble()));
            byShard.put(shard.getKey(), byPriority);
        });
        return new Refusals(byShard, now + BELIEVED.toNanos());
    }

    boolean isNone() {
        return byShard.isEmpty();
    }

    double probability(String shard, int priority, long now) {
        List<Double> byPriority = byShard.getOrDefault(shard, List.of());
        return until - now > 0 && priority <= byPriority.size() ? byPriority.get(priority - 1) : 0;
    }
}
