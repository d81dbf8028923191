package io.pgmosaic.operator.topology;

import io.pgmosaic.operator.ClusterKey;
import io.pgmosaic.protocol.topology.ClusterTopology;
import io.pgmosaic.protocol.topology.ShardTopology;
import io.pgmosaic.protocol.topology.TopologyEvent;
import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Holds the current topology of every cluster and tells subscribers what changed. Thread-safe.
 *
 * <p>A shard of which nothing but positions moved, and whose replicas did not fall behind, is told of at most once in
 * {@link #PAUSE}: an older position is true as well, and a larger lag errs on the safe side. What is kept back is told with a
 * later publication; whoever publishes does so about once a second.
 */
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

        /** What subscribers know of each shard, and since when. */
        final Map<String, Told> told = new HashMap<>();

        final CopyOnWriteArrayList<Subscription> subscriptions = new CopyOnWriteArrayList<>();
    }

    private record Told(ShardTopology shard, Instant at) {}

    /** A little less than the time between two regular publications, so that none of them is left out. */
    private static final Duration PAUSE = Duration.ofMillis(900);

    private final Clock clock;
    private final Map<ClusterKey, Channel> channels = new ConcurrentHashMap<>();

    /** @param clock for durations */
    public TopologyHub(Clock clock) {
        this.clock = clock;
    }

    /** Replaces a cluster's topology. Subscribers hear nothing when nothing but the time of publication changed. */
    public void publish(ClusterKey cluster, ClusterTopology topology) {
        Channel channel = channel(cluster);
        synchronized (channel) {
            List<TopologyEvent> events = changes(channel, topology, clock.instant());
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
            channel.told.clear();
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

    private static List<TopologyEvent> changes(Channel channel, ClusterTopology after, Instant now) {
        ClusterTopology before = channel.current;
        if (before == null || !sameButShards(before, after) || !sameShardNames(before, after)) {
            channel.told.clear();
            after.shards().forEach(shard -> channel.told.put(shard.shard(), new Told(shard, now)));
            return List.of(new TopologyEvent.Snapshot(after));
        }
        List<TopologyEvent> events = new ArrayList<>();
        for (ShardTopology shard : after.shards()) {
            Told told = channel.told.get(shard.shard());
            if (told == null || isWorthTelling(told, shard, now)) {
                channel.told.put(shard.shard(), new Told(shard, now));
                events.add(new TopologyEvent.ShardChanged(shard));
            }
        }
        return events;
    }

    private static boolean isWorthTelling(Told told, ShardTopology shard, Instant now) {
        return switch (ShardChange.between(told.shard(), shard)) {
            case NONE -> false;
            case PROGRESS -> !now.isBefore(told.at().plus(PAUSE));
            case URGENT -> true;
        };
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
