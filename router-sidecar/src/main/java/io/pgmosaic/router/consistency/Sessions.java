package io.pgmosaic.router.consistency;

import io.pgmosaic.protocol.instance.LogPosition;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What sessions have written and read lately, shard by shard. Thread-safe; keeps a bounded number of them.
 *
 * <p>What is forgotten does no harm. A session is remembered for a window from the last that was heard of it, so what a session
 * that is not known did is at least a window old, and a replica that lags less than a window has it. That would not hold for
 * one that was put out sooner, to make room for others: what those had to see, every session that is not known has to see for
 * a window. Nor would it hold for a router that has just been started: those it does not know go to the primary at first.
 */
public final class Sessions {
    private static final int STRIPES = 16;

    private final List<SessionStripe> stripes;
    private final Map<String, Floor> floors = new ConcurrentHashMap<>();
    private volatile Life life;

    /** From when on this router has been remembering what happened in a cluster. */
    private record Life(String clusterUid, long since) {}

    /** What every session that is not known has to see of a shard, until then. */
    private record Floor(@Nullable LogPosition position, boolean primary, long until) {
        ReadDemand demand() {
            return primary ? ReadDemand.primary(Reason.FORGOTTEN) : ReadDemand.holding(position);
        }
    }

    /**
     * @param most how many pairs of session and shard are remembered
     * @param now when the router was started, by {@link System#nanoTime}, as every other {@code now} here
     */
    public Sessions(int most, long now) {
        int each = Math.max(1, most / STRIPES);
        List<SessionStripe> made = new ArrayList<>();
        for (int i = 0; i < STRIPES; i++) {
            made.add(new SessionStripe(each));
        }
        this.stripes = List.copyOf(made);
        this.life = new Life("", now);
    }

    /** A cluster that was made anew has other logs: what was remembered says nothing of them. */
    public void use(String clusterUid, long now) {
        Life before = life;
        if (!before.clusterUid().equals(clusterUid)) {
            boolean first = before.clusterUid().isEmpty();
            life = new Life(clusterUid, first ? before.since() : now);
            if (!first) {
                stripes.forEach(SessionStripe::clear);
                floors.clear();
            }
        }
    }

    /** The session was told where to write, and will write, at a position that nobody knows yet. */
    public void writes(String session, String shard, long window, long now) {
        change(session, shard, window, now, memory -> memory.writes(window, now));
    }

    /**
     * The session was told to read from a server.
     *
     * @param instance null for the primary
     */
    public void reads(String session, String shard, @Nullable String instance, long term, long window, long now) {
        change(session, shard, window, now, memory -> memory.reads(instance, term, window, now));
    }

    /** One of the session's writes was acknowledged at {@code position} or before. */
    public void wrote(String session, String shard, LogPosition position, long window, long now) {
        change(session, shard, window, now, memory -> memory.wrote(position, window, now));
    }

    /** One of the session's reads saw nothing later than {@code position}. */
    public void read(String session, String shard, LogPosition position, long window, long now) {
        change(session, shard, window, now, memory -> memory.read(position, window, now));
    }

    /**
     * What a read of the session demands.
     *
     * @param consistency one of those that are about a reader
     * @param term the shard's, as the router knows it
     */
    public ReadDemand demand(Consistency consistency, String session, String shard, long term, long window, long now) {
        SessionKey key = new SessionKey(session, shard);
        ReadDemand unknown = unknown(shard, window, now);
        return stripe(key).look(key, memory -> switch (consistency) {
            case READ_YOUR_WRITES -> memory.ownWrites(unknown, window, now);
            case MONOTONIC -> memory.ownReads(unknown, term, window, now);
            case CAUSAL -> memory.ownWrites(unknown, window, now).and(memory.ownReads(unknown, term, window, now));
            case EVENTUAL, BOUNDED, STRONG -> ReadDemand.NOTHING;
        });
    }

    /** How many pairs of session and shard are remembered now. */
    public int size() {
        return stripes.stream().mapToInt(SessionStripe::size).sum();
    }

    private ReadDemand unknown(String shard, long window, long now) {
        if (now - life.since() < window) {
            return ReadDemand.primary(Reason.FORGOTTEN);
        }
        ReadDemand bounded = ReadDemand.bounded(window / 1_000_000);
        Floor floor = floors.get(shard);
        return floor == null || floor.until() - now <= 0 ? bounded : bounded.and(floor.demand());
    }

    private void change(String session, String shard, long window, long now, SessionStripe.Change change) {
        SessionKey key = new SessionKey(session, shard);
        for (SessionStripe.Evicted evicted : stripe(key).change(key, change)) {
            if (evicted.memory().isRecent(window, now)) {
                raise(evicted.key().shard(), evicted.memory(), window, now);
            }
        }
    }

    private void raise(String shard, SessionMemory memory, long window, long now) {
        Floor floor = new Floor(memory.lastPosition(), !memory.isReported(window, now), now + window);
        floors.merge(
                shard,
                floor,
                (before, more) -> before.until() - now <= 0
                        ? more
                        : new Floor(
                                Positions.both(before.position(), more.position()),
                                before.primary() || more.primary(),
                                more.until()));
    }

    private SessionStripe stripe(SessionKey key) {
        int hash = key.hashCode() * 0x9E3779B9;
        return stripes.get((hash >>> 16) % STRIPES);
    }
}
