package io.pgmosaic.operator.topology;

import io.pgmosaic.operator.ClusterKey;
import io.pgmosaic.protocol.topology.ClusterTopology;
import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Holds the current topology of every cluster and tells subscribers that there is something new; each fetches what is new to
 * it when it can take it. Thread-safe.
 */
public final class TopologyHub {
    private final Clock clock;
    private final String epoch = UUID.randomUUID().toString();
    private final Map<ClusterKey, ClusterChannel> channels = new ConcurrentHashMap<>();

    /** @param clock for durations */
    public TopologyHub(Clock clock) {
        this.clock = clock;
    }

    /** Replaces a cluster's topology. Subscribers hear nothing when nothing but the time of publication changed. */
    public void publish(ClusterKey cluster, ClusterTopology topology) {
        ClusterChannel channel = channel(cluster);
        if (channel.publish(topology, clock.instant())) {
            channel.subscriptions().forEach(subscription -> subscription.whenNews.run());
        }
    }

    /** The cluster is gone: what its subscribers have is not current any more, and nothing will come. */
    public void forget(ClusterKey cluster) {
        ClusterChannel channel = channels.get(cluster);
        if (channel == null) {
            return;
        }
        channel.forget();
        List<Subscription> ended = List.copyOf(channel.subscriptions());
        for (Subscription subscription : ended) {
            if (channel.subscriptions().remove(subscription)) {
                subscription.whenGone.run();
            }
        }
    }

    /** The current topology; null while there is none. */
    public @Nullable ClusterTopology current(ClusterKey cluster) {
        ClusterChannel channel = channels.get(cluster);
        return channel == null ? null : channel.current();
    }

    /**
     * Subscribes to a cluster. Both callbacks are run by whoever publishes and must return at once.
     *
     * @param since the position up to which the subscriber has everything; null for nothing
     * @param whenNews run after every change that is told; not for what is there already
     * @param whenGone run once when the cluster is gone; the subscription has ended then
     */
    Subscription subscribe(ClusterKey cluster, @Nullable String since, Runnable whenNews, Runnable whenGone) {
        Subscription subscription = new Subscription(channel(cluster), since, whenNews, whenGone);
        subscription.channel.subscriptions().add(subscription);
        return subscription;
    }

    /** How far one subscriber is. Its methods are for one thread at a time. */
    static final class Subscription implements AutoCloseable {
        private final ClusterChannel channel;
        private final Runnable whenNews;
        private final Runnable whenGone;
        private long known;

        private Subscription(ClusterChannel channel, @Nullable String since, Runnable whenNews, Runnable whenGone) {
            this.channel = channel;
            this.whenNews = whenNews;
            this.whenGone = whenGone;
            this.known = channel.number(since);
        }

        /** What is new since the last call. */
        News next() {
            News news = channel.since(known);
            known = news.upTo();
            return news;
        }

        /** Where the subscriber is when it has all that {@link #next} returned. */
        String position() {
            return channel.position(known);
        }

        @Override
        public void close() {
            channel.subscriptions().remove(this);
        }
    }

    private ClusterChannel channel(ClusterKey cluster) {
        return channels.computeIfAbsent(cluster, unseen -> new ClusterChannel(epoch));
    }
}
