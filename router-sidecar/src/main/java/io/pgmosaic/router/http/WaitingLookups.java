package io.pgmosaic.router.http;

import io.pgmosaic.router.lookup.RoutingTable;
import io.pgmosaic.router.topology.TopologyView;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import org.jspecify.annotations.Nullable;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Lookups of shards that have no server now, and whose clients would rather wait for one than ask again. */
final class WaitingLookups {
    /** The longest wait that can be asked for, in milliseconds: beyond it a proxy or a client's own time-out cuts in. */
    static final int LONGEST_MILLIS = 30_000;
    /** Each holds a connection and some memory; further ones are answered at once. */
    private static final int MOST = 10_000;

    private final Vertx vertx;
    private final TopologyView view;
    private final Set<Waiter> waiters = ConcurrentHashMap.newKeySet();

    /** One lookup; used on its context alone. */
    private static final class Waiter {
        final Context context;
        final Runnable again;
        long timer;

        Waiter(Context context, Runnable again) {
            this.context = context;
            this.again = again;
        }
    }

    WaitingLookups(Vertx vertx, TopologyView view) {
        this.vertx = vertx;
        this.view = view;
        view.whenPublished(this::wake);
    }

    /**
     * Has the lookup made again, on the calling event loop, at the next change of the topology or when the time is over.
     *
     * @param looked the table in which there was no server; null when there was no table
     * @return false when it is not taken, since too many wait
     */
    boolean await(@Nullable RoutingTable looked, long millis, Runnable again) {
        if (waiters.size() >= MOST) {
            return false;
        }
        Waiter waiter = new Waiter(vertx.getOrCreateContext(), again);
        waiter.timer = vertx.setTimer(Math.max(1, millis), timer -> end(waiter));
        waiters.add(waiter);
        if (view.table() != looked) {
            // It changed before this one could be told.
            waiter.context.runOnContext(nothing -> end(waiter));
        }
        return true;
    }

    private void wake() {
        waiters.forEach(waiter -> waiter.context.runOnContext(nothing -> end(waiter)));
    }

    private void end(Waiter waiter) {
        if (waiters.remove(waiter)) {
            vertx.cancelTimer(waiter.timer);
            waiter.again.run();
        }
    }
}
