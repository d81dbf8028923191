package io.pgmosaic.protocol.topology;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

import java.time.Instant;

/** One line of the topology stream. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = TopologyEvent.Snapshot.class, name = "snapshot"),
    @JsonSubTypes.Type(value = TopologyEvent.ShardChanged.class, name = "shard"),
    @JsonSubTypes.Type(value = TopologyEvent.Heartbeat.class, name = "heartbeat")
})
public sealed interface TopologyEvent {
    /** The whole picture; sent first, and again whenever more than one shard's servers changed. */
    record Snapshot(ClusterTopology topology) implements TopologyEvent {}

    /** One shard's servers or lags changed. */
    record ShardChanged(ShardTopology shard) implements TopologyEvent {}

    /** Nothing changed; the stream is alive and what the receiver has is current. */
    record Heartbeat(Instant at) implements TopologyEvent {}
}
