package io.pgmosaic.protocol.topology;

import com.fasterxml.jackson.annotation.JsonCreator;
import io.pgmosaic.protocol.instance.LogPosition;
import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * Who serves a shard.
 *
 * @param term the fencing token that every answer about this shard carries
 * @param primary null while the shard has no primary that takes writes
 * @param reason why there is no primary, for a person; null when there is one
 * @param written a position that the primary's log had reached, flushed, when it was asked last; null when unknown, and from
 *     an operator that does not tell it
 * @param size null until it was measured
 */
public record ShardTopology(
        String shard,
        long term,
        @Nullable Server primary,
        List<Replica> replicas,
        @Nullable String reason,
        @Nullable LogPosition written,
        @Nullable ShardSize size) {
    @JsonCreator
    public ShardTopology {
        replicas = List.copyOf(replicas);
    }

    /** One that was not measured. */
    public ShardTopology(
            String shard,
            long term,
            @Nullable Server primary,
            List<Replica> replicas,
            @Nullable String reason,
            @Nullable LogPosition written) {
        this(shard, term, primary, replicas, reason, written, null);
    }

    /** One whose primary's position is unknown, too. */
    public ShardTopology(
            String shard, long term, @Nullable Server primary, List<Replica> replicas, @Nullable String reason) {
        this(shard, term, primary, replicas, reason, null);
    }
}
