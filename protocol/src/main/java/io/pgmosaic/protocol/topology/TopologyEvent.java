package io.pgmosaic.protocol.topology;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * One line of the topology stream.
 *
 * <p>A line's {@code position} is a place in the changes that one operator process tells of one cluster. Whoever has received
 * that line and all before it may go on from there at the same process; it means nothing to another one. It consists of letters,
 * digits, dots and hyphens, at most {@value #LONGEST_POSITION} of them, and is null from an operator that knows no places.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = TopologyEvent.Snapshot.class, name = "snapshot"),
    @JsonSubTypes.Type(value = TopologyEvent.ShardChanged.class, name = "shard"),
    @JsonSubTypes.Type(value = TopologyEvent.Resumed.class, name = "resumed"),
    @JsonSubTypes.Type(value = TopologyEvent.Heartbeat.class, name = "heartbeat"),
    @JsonSubTypes.Type(value = TopologyEvent.Leave.class, name = "leave")
})
public sealed interface TopologyEvent {
    int LONGEST_POSITION = 100;

    /**
     * The whole picture: sent first, unless the receiver goes on from a position, and again whenever more than the servers of
     * shards changed.
     */
    record Snapshot(ClusterTopology topology, @Nullable String position) implements TopologyEvent {
        @JsonCreator
        public Snapshot {}

        /** One without a position. */
        public Snapshot(ClusterTopology topology) {
            this(topology, null);
        }
    }

    /**
     * One shard's servers or lags changed. What it was in between is not sent to a receiver that could not take it then.
     *
     * @param schema how far migrations are, when that changed: of all shards, and along with any one of them, so that a receiver that
     *     knows nothing of it can read the line; null when it did not change
     */
    record ShardChanged(
            ShardTopology shard,
            @Nullable String position,
            @Nullable SchemaChanges schema) implements TopologyEvent {
        @JsonCreator
        public ShardChanged {}

        /** One of the shard alone. */
        public ShardChanged(ShardTopology shard, @Nullable String position) {
            this(shard, position, null);
        }

        /** One without a position. */
        public ShardChanged(ShardTopology shard) {
            this(shard, null);
        }
    }

    /**
     * The stream goes on from the position that the receiver named, instead of beginning with a snapshot: what changed since has
     * been sent, and all that the receiver has is current.
     */
    record Resumed(String position) implements TopologyEvent {}

    /** Nothing changed; the stream is alive and what the receiver has is current. */
    record Heartbeat(Instant at) implements TopologyEvent {}

    /**
     * This operator stops: the receiver connects to another one when the time is over, and not before, so that not all of them
     * come at once. Sent only to who named a position, or that it has none.
     *
     * @param afterMillis how long from now
     */
    record Leave(long afterMillis) implements TopologyEvent {}
}
