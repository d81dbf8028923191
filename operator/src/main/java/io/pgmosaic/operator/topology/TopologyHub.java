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
    private static final class Subscription {
        final Consumer<TopologyEvent> subscriber;
        final Runnable whenGone;

        Subscription(Consumer<TopologyEvent> subscriber, Runnable whenGone) {
            this.subscriber = subscriber;
            this.whenGone = whenGone;
        }
    }

    private static final class Channel {
        @Nullable
        ClusterTopology current;

        final CopyOnWriteArrayList<Subscription> subscriptions = new CopyOnWriteArrayList<>();
    }

    private final Map<ClusterKey, Channel> channels = new ConcurrentHashMap<>();

    /** Replaces a cluster's topology. Subscribers hear nothing when nothing but the time of publication changed. */
    public void publish(ClusterKey cluster, ClusterTopology topology) {
        Channel channel = channel(cluster);
        synchronized (channel) {
            List<TopologyEvent> events = changes(channel.current, topology);
            channel.current = topology;
            for (TopologyEvent event : events) {
                channel.subscriptions.forEach(subscription -> subscription.subscriber.accept(event));
            }
        }
    }

    /** The cluster is gone: what its subscribers have is not current any more, and nothing will come. */
    public void forget(ClusterKey cluster) {
        Channel channel = channel(cluster);
        List<Subscription> ended;
        synchronized (channel) {
            channel.current = null;
            ended = List.copyOf(channel.subscriptions);
            channel.subscriptions.clear();
        }
        ended.forEach(subscription -> subscription.whenGone.run());
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
     *
     * @param whenGone run once when the cluster is gone; the subscription has ended then
     */
    public Runnable subscribe(ClusterKey cluster, Consumer<TopologyEvent> subscriber, Runnable whenGone) {
        Channel channel = channel(cluster);
        Subscription subscription = new Subscription(subscriber, whenGone);
        synchronized (channel) {
            if (channel.current != null) {
                subscriber.accept(new TopologyEvent.Snapshot(channel.current));
            }
            channel.subscriptions.add(subscription);
        }
        return () -> channel.subscriptions.remove(subscription);
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
