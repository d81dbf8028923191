package io.pgmosaic.router.topology;

import io.pgmosaic.router.consistency.ReplicaState;
import io.pgmosaic.router.lookup.RoutingTable;
import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * What the rest of the router sees of the topology. Written by the receiver's thread and the stream's, read by every
 * other; each field on its own, so a reader may see a new table with the age of the one before.
 */
public final class TopologyView {
    private final Clock clock;
    private volatile @Nullable RoutingTable table;
    private volatile Source source = Source.NONE;
    private volatile Instant heard = Instant.EPOCH;
    private volatile long toldAt;
    private volatile boolean told;
    private volatile boolean connected;
    private volatile long aloneSince = System.nanoTime();
    private final Set<String> doubted = ConcurrentHashMap.newKeySet();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    public TopologyView(Clock clock) {
        this.clock = clock;
    }

    /** Where the table in use came from. */
    public enum Source {
        NONE,
        DISK,
        LIVE
    }

    /** Null until a topology is known. */
    public @Nullable RoutingTable table() {
        return table;
    }

    public Source source() {
        return source;
    }

    /** Whether a stream from an operator is open and has brought a topology. */
    public boolean connected() {
        return connected;
    }

    /**
     * For how long no stream of an operator has been open, in milliseconds by a clock that is never set; since this process began
     * when there was none. 0 while there is one.
     *
     * @param now by {@link System#nanoTime}
     */
    public long aloneMillis(long now) {
        return connected ? 0 : TimeUnit.NANOSECONDS.toMillis(Math.max(0, now - aloneSince));
    }

    /** How long ago an operator last said that the table is current; null until a topology is known. */
    public @Nullable Duration age() {
        return source == Source.NONE ? null : Duration.between(heard, clock.instant());
    }

    /**
     * For how long what the operator told may have been otherwise, in milliseconds by a clock that is never set: since the last
     * line of a stream that is in step. {@link ReplicaState#UNKNOWN} before the first one of this process, whatever stood on
     * disk.
     *
     * @param now by {@link System#nanoTime}
     */
    public long toldMillisAgo(long now) {
        return told ? TimeUnit.NANOSECONDS.toMillis(Math.max(0, now - toldAt)) : ReplicaState.UNKNOWN;
    }

    /**
     * A client found that a server of the shard is not what it was named for. Remembered while no operator is heard, who would know
     * better.
     *
     * @param shard one of the table's
     */
    public void doubt(String shard) {
        if (!connected) {
            doubted.add(shard);
        }
    }

    /** Whether {@link #doubt} was called for the shard since this was asked last. */
    public boolean wasDoubted(String shard) {
        return doubted.remove(shard);
    }

    /** Called on the receiver's thread after every new table; must be quick. */
    public void whenPublished(Runnable listener) {
        listeners.add(listener);
    }

    void publish(RoutingTable table, Source source, Instant heard) {
        this.table = table;
        this.heard = heard;
        this.source = source;
        listeners.forEach(Runnable::run);
    }

    void current(Instant heard) {
        this.heard = heard;
    }

    /** A line came that says, of everything before it as well, that it is so now. */
    void told(long now) {
        toldAt = now;
        told = true;
    }

    /** Another table of the same age and origin. */
    void revise(RoutingTable revised) {
        table = revised;
        listeners.forEach(Runnable::run);
    }

    void connected(boolean connected) {
        if (this.connected && !connected) {
            aloneSince = System.nanoTime();
        }
        doubted.clear();
        this.connected = connected;
    }
}
