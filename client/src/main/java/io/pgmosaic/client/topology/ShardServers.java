package io.pgmosaic.client.topology;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * Who serves a shard.
 *
 * @param term its fencing token
 * @param primary null while there is none
 * @param reason why there is no primary; null when there is one
 */
public record ShardServers(
        String shard,
        long term,
        @Nullable ServerAddress primary,
        List<ReplicaServer> replicas,
        @Nullable String reason) {
    public ShardServers {
        replicas = List.copyOf(replicas);
    }
}
