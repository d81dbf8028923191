package io.pgmosaic.operator.topology;

import io.pgmosaic.operator.ClusterKey;
import io.pgmosaic.protocol.topology.ClusterTopology;
import io.pgmosaic.protocol.topology.ShardTopology;
import io.pgmosaic.protocol.topology.TopologyEvent;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Holds the current topology of every cluster and tells subscribers what changed. Thread-safe. */
public final class TopologyHub {
    private static final class Channel {
        @Nullable
        ClusterTopology current;

        final CopyOnWriteArrayList<Consumer<TopologyEvent>> subscribers = new CopyOnWriteArrayList<>();
    }

    private final Map<ClusterKey, Channel> channels = new ConcurrentHashMap<>();

    /** Replaces a cluster's topology. Subscribers hear nothing when nothing but the time of publication changed. */
    public void publish(ClusterKey cluster, ClusterTopology topology) {
        Channel channel = channel(cluster);
        synchronized (channel) {
            List<TopologyEvent> events = changes(channel.current, topology);
            channel.current = topology;
            for (TopologyEvent event : events) {
                channel.subscribers.forEach(subscriber -> subscriber.accept(event));
            }
        }
    }

    public void forget(ClusterKey cluster) {
        channels.remove(cluster);
    }

    /** The current topology; null while there is none. */
    public @Nullable ClusterTopology current(ClusterKey cluster) {
        Channel channel = channels.get(cluster);
        if (channel == null) {
            return null;
        }
        synchronized (channel) {
            return channel.current;
        }
    }

    /**
     * Subscribes to a cluster: first the whole picture, if there is one, then every change in order. The subscriber must
     * return quickly. Running the result ends the subscription.
     */
    public Runnable subscribe(ClusterKey cluster, Consumer<TopologyEvent> subscriber) {
        Channel channel = channel(cluster);
        synchronized (channel) {
            if (channel.current != null) {
                subscriber.accept(new TopologyEvent.Snapshot(channel.current));
            }
            channel.subscribers.add(subscriber);
        }
        return () -> channel.subscribers.remove(subscriber);
    }

    private Channel channel(ClusterKey cluster) {
        return channels.computeIfAbsent(cluster, unseen -> new Channel());
    }

    private static List<TopologyEvent> changes(@Nullable ClusterTopology before, ClusterTopology after) {
        if (before == null || !sameButShards(before, after) || !sameShardNames(before, after)) {
            return List.of(new TopologyEvent.Snapshot(after));
        }
        List<TopologyEvent> events = new ArrayList<>();
        for (int i = 0; i < after.shards().size(); i++) {
            if (!after.shards().get(i).equals(before.shards().get(i))) {
                events.add(new TopologyEvent.ShardChanged(after.shards().get(i)));
            }
        }
        return events;
    }

    private static boolean sameButShards(ClusterTopology a, ClusterTopology b) {
        return a.clusterUid().equals(b.clusterUid())
                && a.database().equals(b.database())
                && a.map().equals(b.map())
                && a.tables().equals(b.tables())
                && a.referenceTables().equals(b.referenceTables())
                && a.routing().equals(b.routing());
    }

    private static boolean sameShardNames(ClusterTopology a, ClusterTopology b) {
        return a.shards().stream()
                .map(ShardTopology::shard)
                .toList()
                .equals(b.shards().stream().map(ShardTopology::shard).toList());
    }
}
