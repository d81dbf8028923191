package io.pgmosaic.routing.map;

import io.pgmosaic.routing.hash.Utf8;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A list of shards that may stand in a map. */
final class ShardNames {
    private static final int LONGEST = 63;

    private ShardNames() {}

    /** @throws IllegalArgumentException when there is no shard, one without a usable name, or one twice */
    static List<String> checked(List<String> shards) {
        if (shards.isEmpty()) {
            throw new IllegalArgumentException("a shard map has at least one shard");
        }
        Set<String> seen = new HashSet<>();
        for (String shard : shards) {
            int length = Utf8.length(shard);
            if (length == 0 || length > LONGEST) {
                throw new IllegalArgumentException(
                        "a shard's name has 1 to " + LONGEST + " bytes in UTF-8, not " + length);
            }
            if (!seen.add(shard)) {
                throw new IllegalArgumentException("shard " + shard + " is listed twice");
            }
        }
        return List.copyOf(shards);
    }
}
