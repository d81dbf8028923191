package io.pgmosaic.router.index;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.micrometer.core.instrument.MeterRegistry;
import io.pgmosaic.protocol.topology.ShardTopology;
import io.pgmosaic.router.database.Databases;
import io.pgmosaic.router.lookup.RoutingTable;
import io.pgmosaic.router.metrics.RememberedMetrics;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/** Which keys have which values. Thread-safe; nothing blocks. */
public final class LookupIndexes {
    private final IndexQuestion question;
    private final Settings settings;
    private final LongSupplier nanos;
    private final RememberedMetrics metrics;
    private final Cache<Asked, Found> known;
    private final Map<Asked, Future<Found>> loading = new ConcurrentHashMap<>();

    /** Values are remembered for one cluster alone: one that was made anew under the name has other entries. */
    private final AtomicReference<String> clusterUid = new AtomicReference<>("");

    /**
     * How much is remembered, and for how long it is believed unless a lookup asks to refresh it.
     *
     * @param cacheBytes about how much memory to take
     */
    public record Settings(long cacheBytes, long lifeNanos) {}

    private record Asked(String index, String value) {
        int weight(Found found) {
            return 250
                    + 2
                            * (value.length()
                                    + (found.key() == null ? 0 : found.key().length()));
        }
    }

    public LookupIndexes(Databases databases, Settings settings, MeterRegistry registry, LongSupplier nanos) {
        this.question = new IndexQuestion(databases);
        this.settings = settings;
        this.nanos = nanos;
        this.known = Caffeine.newBuilder()
                .maximumWeight(settings.cacheBytes())
                .weigher(Asked::weight)
                .build();
        this.metrics = new RememberedMetrics(registry, "index", "values", known::estimatedSize, "found", "none");
    }

    /**
     * @param home the shard that keeps the value's entry
     * @param refresh whether neither what is remembered will do nor what a replica says
     * @return fails with an {@link IndexUnavailableException}. When nobody answers, what was remembered, unless that will not do: its age
     *     tells it
     */
    public Future<Found> find(RoutingTable table, ShardTopology home, String index, String value, boolean refresh) {
        String uid = table.topology().clusterUid();
        if (!uid.equals(clusterUid.getAndSet(uid))) {
            known.invalidateAll();
        }
        Asked asked = new Asked(index, value);
        @Nullable Found before = refresh ? null : known.getIfPresent(asked);
        long now = nanos.getAsLong();
        if (before != null && now - before.loadedAt() < settings.lifeNanos()) {
            metrics.hit();
            return Future.succeededFuture(before);
        }
        metrics.miss();
        Promise<Found> promise = Promise.promise();
        // A question to a primary must not wait for the answer of a replica, nor for one that was asked before.
        @Nullable Future<Found> present = refresh ? null : loading.putIfAbsent(asked, promise.future());
        if (present != null) {
            return present;
        }
        question.ask(table.topology(), home, index, value, refresh).onComplete(said -> {
            metrics.took(nanos.getAsLong() - now);
            loading.remove(asked, promise.future());
            if (said.succeeded()) {
                promise.complete(heard(asked, new Found(said.result().key(), now)));
            } else if (before != null) {
                metrics.stale();
                promise.complete(before);
            } else {
                metrics.failed(1);
                promise.fail(said.cause());
            }
        });
        return promise.future();
    }

    /** That no key has a value is not remembered: who has just reserved it wants to find it. */
    private Found heard(Asked asked, Found found) {
        if (found.key() == null) {
            known.asMap().computeIfPresent(asked, (same, before) -> isLater(before, found) ? before : null);
            metrics.loaded("none");
        } else {
            known.asMap().merge(asked, found, (before, now) -> isLater(before, now) ? before : now);
            metrics.loaded("found");
        }
        return found;
    }

    /** What was asked for later is the newer one, whichever answer comes first. */
    private static boolean isLater(Found one, Found other) {
        return one.loadedAt() - other.loadedAt() > 0;
    }
}
