package io.pgmosaic.router.http;

import io.pgmosaic.router.hotkeys.HotKeys;
import io.pgmosaic.router.lookup.TableRoute;
import io.pgmosaic.routing.key.Key;

import java.util.function.LongSupplier;

/** What every lookup passes once, when it is known what it asks for and before it is answered or waits. */
final class Admission {
    private final HotKeys hotKeys;
    private final LongSupplier nanos;

    /** @param nanos as {@link System#nanoTime} */
    Admission(HotKeys hotKeys, LongSupplier nanos) {
        this.hotKeys = hotKeys;
        this.nanos = nanos;
    }

    /** Counts the key. */
    void admit(TableRoute.Sharded route, Key key) {
        hotKeys.add(route.name(), key, nanos.getAsLong());
    }
}
