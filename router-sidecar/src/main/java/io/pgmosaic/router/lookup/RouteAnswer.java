package io.pgmosaic.router.lookup;

import io.pgmosaic.protocol.topology.Server;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/**
 * The body of an answered lookup.
 *
 * @param term the shard's fencing token; what was read before under a higher term is newer than this answer
 * @param server the one to use
 * @param primary null while the shard has none; a read may be answered all the same
 * @param consistency the guarantee that a read of this server has; null when none was asked for
 * @param reason why it is the primary although a replica might have done; null otherwise
 * @param position what the chosen replica holds at least; null for a primary, when unknown, and when no guarantee was asked for
 * @param source {@value #PROBE} when the shard's servers were asked themselves; null when an operator told
 * @param foundAt when they were, by this machine's clock; null when an operator told
 */
public record RouteAnswer(
        String shard,
        long term,
        long mapVersion,
        String database,
        String intent,
        ChosenServer server,
        @Nullable Server primary,
        List<ReplicaAnswer> replicas,
        @Nullable String consistency,
        @Nullable String reason,
        @Nullable Position position,
        @Nullable String source,
        @Nullable Instant foundAt) {
    private static final String PROBE = "probe";

    public RouteAnswer {
        replicas = List.copyOf(replicas);
    }

    /** How a shard's state was learned, as answers say it. */
    public static @Nullable String source(@Nullable Instant foundAt) {
        return foundAt == null ? null : PROBE;
    }
}
