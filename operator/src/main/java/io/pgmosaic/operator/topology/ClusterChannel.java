package io.pgmosaic.operator.topology;

import io.pgmosaic.protocol.topology.ClusterTopology;
import io.pgmosaic.protocol.topology.ShardTopology;
import io.pgmosaic.protocol.topology.TopologyEvent;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * One cluster's topology and its changes, counted. Of each shard only the newest state is kept, with the number of the change
 * that brought it, so whoever has everything up to some number is told, whenever it can take it, the newest state of each shard
 * that changed since: nothing waits for a subscriber, and any number that was ever given is good to go on from, unless more than
 * shards changed since. Thread-safe.
 *
 * <p>A shard of which nothing but positions moved, or its size, and whose replicas did not fall behind, is told of at most once in
 * {@link #PAUSE}: an older position is true as well, and a larger lag errs on the safe side. What is kept back is told with a
 * later publication; whoever publishes does so about once a second.
 */
final class ClusterChannel {
    /** What is known to who knows nothing. */
    static final long NOTHING = 0;

    /** A little less than the time between two regular publications, so that none of them is left out. */
    private static final Duration PAUSE = Duration.ofMillis(900);

    private final String epoch;
    private final Map<String, Told> told = new HashMap<>();
    private final Set<TopologyHub.Subscription> subscriptions = ConcurrentHashMap.newKeySet();
    /** How far migrations are, when that is newer than the last change of more than shards. */
    private @Nullable Told schema;

    private @Nullable ClusterTopology current;
    private @Nullable News picture;
    /** Of the last change that was told. */
    private long last = NOTHING;
    /** Of the last change of more than shards. */
    private long lastPicture = NOTHING;

    private @Nullable News recent;
    private long recentSince = NOTHING;

    /** What subscribers are told of a shard, since when, and by which change. */
    private record Told(ShardTopology shard, Instant at, long number, Line line) {}

    /** @param epoch names the process whose numbers these are */
    ClusterChannel(String epoch) {
        this.epoch = epoch;
    }

    Set<TopologyHub.Subscription> subscriptions() {
        return subscriptions;
    }

    synchronized @Nullable ClusterTopology current() {
        return current;
    }

    /** Returns whether there is something to tell. */
    synchronized boolean publish(ClusterTopology topology, Instant now) {
        ClusterTopology before = current;
        long lastBefore = last;
        if (before == null || !sameButShards(before, topology) || !sameShardNames(before, topology)) {
            last++;
            lastPicture = last;
            told.clear();
            schema = null;
            topology.shards().forEach(shard -> tell(shard, now));
        } else {
            for (ShardTopology shard : topology.shards()) {
                Told known = told.get(shard.shard());
                if (known == null || isWorthTelling(known, shard, now)) {
                    last++;
                    tell(shard, now);
                }
            }
            if (!before.schema().equals(topology.schema())) {
                last++;
                tellSchema(topology);
            }
        }
        current = topology;
        picture = new News(
                News.Kind.PICTURE, List.of(new Line(new TopologyEvent.Snapshot(topology, position(last)))), last);
        return last != lastBefore;
    }

    synchronized void forget() {
        current = null;
        picture = null;
        told.clear();
        schema = null;
    }

    /** What is new to who has everything up to a number; {@link #NOTHING} and numbers that were never given get all of it. */
    synchronized News since(long known) {
        News all = picture;
        if (all == null) {
            return new News(News.Kind.NO_PICTURE, List.of(), known);
        }
        if (known < lastPicture || known > last) {
            return all;
        }
        News shared = recent;
        if (shared == null || recentSince != known || shared.upTo() != last) {
            List<Line> lines = new ArrayList<>();
            Stream.concat(told.values().stream(), Stream.ofNullable(schema))
                    .filter(shard -> shard.number() > known)
                    .sorted(Comparator.comparingLong(Told::number))
                    .forEach(shard -> lines.add(shard.line()));
            shared = new News(News.Kind.CHANGES, lines, last);
            recent = shared;
            recentSince = known;
        }
        return shared;
    }

    /** The number in a position of this process; {@link #NOTHING} for another's and for what is none. */
    long number(@Nullable String position) {
        String prefix = epoch + ".";
        if (position == null || !position.startsWith(prefix) || position.length() > TopologyEvent.LONGEST_POSITION) {
            return NOTHING;
        }
        String digits = position.substring(prefix.length());
        boolean number =
                digits.length() <= 18 && !digits.isEmpty() && digits.chars().allMatch(Character::isDigit);
        return number ? Long.parseLong(digits) : NOTHING;
    }

    String position(long number) {
        return epoch + "." + number;
    }

    private void tell(ShardTopology shard, Instant now) {
        Line line = new Line(new TopologyEvent.ShardChanged(shard, position(last)));
        told.put(shard.shard(), new Told(shard, now, last, line));
    }

    private void tellSchema(ClusterTopology topology) {
        topology.shards().stream().findFirst().ifPresent(shard -> {
            Line line = new Line(new TopologyEvent.ShardChanged(shard, position(last), topology.schema()));
            schema = new Told(shard, Instant.MIN, last, line);
        });
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
