package io.pgmosaic.checker;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which keys a client uses, so that no other shard keeps it waiting: those of its own shard, and those of shards that came later and
 * that are nobody's, such as the ones that a split adds.
 *
 * @param shard its own
 * @param others those of other clients
 */
public record Home(String shard, Set<String> others) {
    public Home {
        others = Set.copyOf(others);
    }

    /** The home of a client when the shards are given to clients in turn. */
    public static Home of(List<String> shards, int client) {
        String own = shards.get(client % shards.size());
        return new Home(own, shards.stream().filter(shard -> !shard.equals(own)).collect(Collectors.toSet()));
    }

    boolean isElsewhere(String found) {
        return others.contains(found);
    }
}
