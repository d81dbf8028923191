package io.pgmosaic.router.lookup;

import io.pgmosaic.protocol.topology.Server;
import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * The body of an answered lookup.
 *
 * @param term the shard's fencing token; what was read before under a higher term is newer than this answer
 * @param server the one to use
 * @param primary null while the shard has none; a read may be answered all the same
 */
public record RouteAnswer(
        String shard,
        long term,
        long mapVersion,
        String database,
        String intent,
        ChosenServer server,
        @Nullable Server primary,
        List<ReplicaAnswer> replicas) {
    public RouteAnswer {
        replicas = List.copyOf(replicas);
    }
}
