package io.pgmosaic.routing.map;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Where the rows of a range may lie. A shard that is not named holds none of them.
 *
 * @param byRule one for each region and period that the range touches
 * @param byKey shards to which keys of the range are overridden, whatever the rule says
 */
public record Extents(List<Extent> byRule, List<String> byKey) {
    public Extents {
        byRule = List.copyOf(byRule);
        byKey = List.copyOf(byKey);
    }

    /** Every shard on which any of the rows may be, each once. */
    public List<String> shards() {
        Set<String> shards = new LinkedHashSet<>();
        byRule.forEach(extent -> shards.addAll(extent.shards()));
        shards.addAll(byKey);
        return List.copyOf(shards);
    }
}
