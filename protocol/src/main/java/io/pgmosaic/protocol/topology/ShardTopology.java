package io.pgmosaic.protocol.topology;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * Who serves a shard.
 *
 * @param term the fencing token that every answer about this shard carries
 * @param primary null while the shard has no primary that takes writes
 * @param reason why there is no primary, for a person; null when there is one
 */
public record ShardTopology(
        String shard,
        long term,
        @Nullable Server primary,
        List<Replica> replicas,
        @Nullable String reason) {
    public ShardTopology {
        replicas = List.copyOf(replicas);
    }
}
