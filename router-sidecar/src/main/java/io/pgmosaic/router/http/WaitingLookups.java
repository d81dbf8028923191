package io.pgmosaic.router.http;

import io.pgmosaic.router.lookup.RoutingTable;
import io.pgmosaic.router.lookup.ShardAnswers;
import io.pgmosaic.router.topology.TopologyView;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Lookups of shards that have no server now, and whose clients would rather wait for one than ask again.
 *
 * <p>Those of one shard wait together: a change of the topology that leaves their shard as it was wakes none of them, and one that
 * concerns it wakes each event loop once, which then tries all of its own again. With hundreds of shards some shard changes all the
 * time.
 */
final class WaitingLookups {
    /** The longest wait that can be asked for, in milliseconds: beyond it a proxy or a client's own time-out cuts in. */
    static final int LONGEST_MILLIS = 30_000;
    /** Each holds a connection and some memory; further ones are answered at once. */
    private static final int MOST = 10_000;
    /** For those that do not wait for one shard: there is no topology, or every shard would do. */
    private static final String NO_SHARD = "";

    private final Vertx vertx;
    private final TopologyView view;
    private final int mostOfShard;
    private final Map<String, Group> groups = new HashMap<>();
    private int waiting;

    /** One lookup. Its timer is its context's alone. */
    private static final class Waiter {
        final Context context;
        final String shard;
        final Runnable again;
        long timer;

        Waiter(Context context, String shard, Runnable again) {
            this.context = context;
            this.shard = shard;
            this.again = again;
        }
    }

    /** All lookups of a shard; guarded by the set of groups. */
    private static final class Group {
        final Set<Waiter> waiters = new LinkedHashSet<>();

        @Nullable
        ShardAnswers seen;
    }

    /** @param mostOfShard how many lookups of one shard may wait */
    WaitingLookups(Vertx vertx, TopologyView view, int mostOfShard) {
        this.vertx = vertx;
        this.view = view;
        this.mostOfShard = mostOfShard;
        view.whenPublished(this::wake);
    }

    /** How many wait. */
    int size() {
        synchronized (groups) {
            return waiting;
        }
    }

    /**
     * Has the lookup made again, on the calling event loop, when its shard changes or the time is over.
     *
     * @param table in which there was no server; null when there was no topology
     * @param looked its shard there; null when any shard might serve it
     * @return false when it is not taken, since too many wait
     */
    boolean await(@Nullable RoutingTable table, @Nullable ShardAnswers looked, long millis, Runnable again) {
        String shard = looked == null ? NO_SHARD : looked.topology().shard();
        Waiter waiter = new Waiter(vertx.getOrCreateContext(), shard, again);
        synchronized (groups) {
            Group group = groups.computeIfAbsent(shard, name -> new Group());
            if (waiting >= MOST || group.waiters.size() >= mostOfShard) {
                return false;
            }
            group.waiters.add(waiter);
            group.seen = group.waiters.size() == 1 ? looked : group.seen;
            waiting++;
        }
        waiter.timer = vertx.setTimer(Math.max(1, millis), timer -> end(waiter));
        @Nullable RoutingTable now = view.table();
        if (looked == null ? now != table : !looked.equals(answers(now, shard))) {
            // It changed before this one could be told.
            waiter.context.runOnContext(nothing -> end(waiter));
        }
        return true;
    }

    private void wake() {
        @Nullable RoutingTable table = view.table();
        Map<Context, List<Waiter>> woken = new HashMap<>();
        synchronized (groups) {
            groups.forEach((shard, group) -> {
                @Nullable ShardAnswers now = answers(table, shard);
                // Answers that were made anew are never equal to those before.
                if (!Objects.equals(now, group.seen) || shard.equals(NO_SHARD)) {
                    group.seen = now;
                    group.waiters.forEach(waiter -> woken.computeIfAbsent(waiter.context, context -> new ArrayList<>())
                            .add(waiter));
                }
            });
        }
        woken.forEach((context, waiters) -> context.runOnContext(nothing -> waiters.forEach(this::end)));
    }

    private static @Nullable ShardAnswers answers(@Nullable RoutingTable table, String shard) {
        return table == null || shard.equals(NO_SHARD) ? null : table.shard(shard);
    }

    private void end(Waiter waiter) {
        if (remove(waiter)) {
            vertx.cancelTimer(waiter.timer);
            waiter.again.run();
        }
    }

    private boolean remove(Waiter waiter) {
        synchronized (groups) {
            @Nullable Group group = groups.get(waiter.shard);
            if (group == null || !group.waiters.remove(waiter)) {
                return false;
            }
            if (group.waiters.isEmpty()) {
                groups.remove(waiter.shard);
            }
            waiting--;
            return true;
        }
    }
}
