package io.pgmosaic.protocol.topology;

import java.util.List;

/**
 * The shard map in the form in which it is stored and sent: the recipe, not 9,600 segments of a ring.
 *
 * @param version goes up by one with every change
 * @param ranges for {@code HASH_RANGE}: sorted by lower bound, the first at the smallest bigint; empty for a ring
 * @param shards for {@code CONSISTENT_HASH}: the members; empty for ranges
 * @param virtualNodes for {@code CONSISTENT_HASH}: positions of each member on the ring; 0 for ranges
 * @param overrides exact keys that live elsewhere than the rule says
 */
public record ShardMapDocument(
        long version,
        Strategy strategy,
        List<Range> ranges,
        List<String> shards,
        int virtualNodes,
        List<KeyOverride> overrides) {

    public ShardMapDocument {
        ranges = List.copyOf(ranges);
        shards = List.copyOf(shards);
        overrides = List.copyOf(overrides);
    }

    public enum Strategy {
        HASH_RANGE,
        CONSISTENT_HASH
    }

    /**
     * All hashes from {@code lower} to the next range's lower bound.
     *
     * @param lower a signed 64-bit number in decimal, as text, since JavaScript cannot hold it as a number
     */
    public record Range(String lower, String shard) {}

    /** @param key one value per key column, each in its text form */
    public record KeyOverride(List<String> key, String shard) {
        public KeyOverride {
            key = List.copyOf(key);
        }
    }
}
