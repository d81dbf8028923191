package io.pgmosaic.router.consistency;

import io.pgmosaic.protocol.instance.LogPosition;
import io.pgmosaic.protocol.topology.Replica;
import io.pgmosaic.protocol.topology.Server;
import org.jspecify.annotations.Nullable;

import java.util.concurrent.TimeUnit;

/**
 * A replica as the router knows it.
 *
 * @param toldLagMillis how far it was behind when it was told of; {@link #UNKNOWN} when that is not known
 * @param replayed how far it had replayed at least; null when unknown
 * @param lacking the first position of the primary that the router heard of and the replica was not seen to have; null when
 *     it has all of them
 * @param lackingSince when the router heard of that, by {@link System#nanoTime}
 * @param near whether it is in this router's zone
 * @param load what this router has sent to it lately
 * @param seen how far clients saw it replay the timeline of {@code replayed}
 */
public record ReplicaState(
        Server server,
        long toldLagMillis,
        @Nullable LogPosition replayed,
        @Nullable LogPosition lacking,
        long lackingSince,
        boolean near,
        Load load,
        SeenReplay seen) {
    public static final long UNKNOWN = Long.MAX_VALUE;

    /** Of one that is not near. */
    public static ReplicaState of(
            Replica told, @Nullable LogPosition written, @Nullable ReplicaState before, long now) {
        return of(told, false, written, before, now);
    }

    /**
     * @param near whether it is in this router's zone
     * @param written what the router heard last of the primary's log; null when nothing
     * @param before what it knew of the replica before; null when nothing
     * @param now by {@link System#nanoTime}
     */
    public static ReplicaState of(
            Replica told, boolean near, @Nullable LogPosition written, @Nullable ReplicaState before, long now) {
        long age = told.ageMillis() == null ? 0 : Math.max(0, told.ageMillis());
        LogPosition replayed = told.replayed();
        LogPosition lacking = before == null || has(replayed, before.lacking()) ? null : before.lacking();
        long since = before == null ? now : before.lackingSince();
        if (lacking == null && !has(replayed, written)) {
            lacking = written;
            since = now;
        }
        return new ReplicaState(
                told.server(),
                told.lagMillis() == null ? UNKNOWN : Math.max(0, told.lagMillis()) + age,
                replayed,
                // One that never tells positions is as far behind as it says.
                replayed == null ? null : lacking,
                since,
                near,
                before == null ? new Load() : before.load(),
                before == null || !goesOn(told, before) ? new SeenReplay() : before.seen());
    }

    /** Whether what was seen of it may still be so: not when it is elsewhere, has been started again or replays another timeline. */
    private static boolean goesOn(Replica told, ReplicaState before) {
        LogPosition was = before.replayed();
        LogPosition is = told.replayed();
        return was != null
                && is != null
                && told.server().equals(before.server())
                && was.timeline() == is.timeline()
                && was.lsn().compareTo(is.lsn()) <= 0;
    }

    /** In another term it may have been rewound, which nobody says: what clients saw before counts no more. */
    public ReplicaState inAnotherTerm() {
        return new ReplicaState(server, toldLagMillis, replayed, lacking, lackingSince, near, load, new SeenReplay());
    }

    /**
     * A client read from it, and saw that it had replayed so far. Does not count unless the operator saw it on the same timeline:
     * what a server says of its term runs ahead of what it replays.
     *
     * @param position its term, by what it was configured to follow, and the place in its log
     */
    public void saw(LogPosition position, long now) {
        if (replayed != null && replayed.timeline() == position.timeline()) {
            seen.add(position, now);
        }
    }

    /** As {@link #has(LogPosition)}, also by what clients saw lately. */
    public boolean has(LogPosition position, long now) {
        return has(position) || has(seen.position(now), position);
    }

    /** Whether, by what the operator told, it surely holds everything that was acknowledged up to {@code position}. */
    public boolean has(LogPosition position) {
        return has(replayed, position);
    }

    /**
     * How old its data is at most, in milliseconds: what was told, and the time since. One that says of itself that it has
     * replayed all that it received may be receiving nothing: so it is at least as far behind as the first position that
     * it lacks is old.
     *
     * @param toldMillisAgo since when the router cannot be sure that what it was told is still so; {@link #UNKNOWN} for
     *     a telling that nobody knows the age of
     */
    public long lagMillis(long toldMillisAgo, long now) {
        if (toldLagMillis == UNKNOWN || toldMillisAgo == UNKNOWN) {
            return UNKNOWN;
        }
        long told = toldLagMillis + toldMillisAgo;
        return lacking == null ? told : Math.max(told, TimeUnit.NANOSECONDS.toMillis(now - lackingSince));
    }

    private static boolean has(@Nullable LogPosition replayed, @Nullable LogPosition position) {
        return position == null || (replayed != null && Positions.holds(replayed, position));
    }
}
