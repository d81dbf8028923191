package io.pgmosaic.router.topology;

import io.pgmosaic.router.lookup.RoutingTable;
import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What the rest of the router sees of the topology. Written by the receiver's thread and the stream's, read by every
 * other; each field on its own, so a reader may see a new table with the age of the one before.
 */
public final class TopologyView {
    private final Clock clock;
    private volatile @Nullable RoutingTable table;
    private volatile Source source = Source.NONE;
    private volatile Instant heard = Instant.EPOCH;
    private volatile boolean connected;
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

    /** How long ago an operator last said that the table is current; null until a topology is known. */
    public @Nullable Duration age() {
        return source == Source.NONE ? null : Duration.between(heard, clock.instant());
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

    void connected(boolean connected) {
        this.connected = connected;
    }
}
