package io.pgmosaic.router.directory;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.micrometer.core.instrument.MeterRegistry;
import io.pgmosaic.router.database.Databases;
import io.pgmosaic.router.lookup.RoutingTable;
import io.pgmosaic.router.lookup.ShardAnswers;
import io.pgmosaic.router.lookup.TableRoute;
import io.pgmosaic.router.metrics.RememberedMetrics;
import io.pgmosaic.routing.guard.DirectorySchema;
import io.pgmosaic.routing.map.RowKey;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.LongUnaryOperator;

/** Where keys of tables with a directory are. Thread-safe; nothing blocks. */
public final class Directory {
    /** Keys that are asked for in one question. */
    private static final int AT_ONCE = 1_000;

    /** Nobody is asked again so soon after there was no answer. */
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final DirectoryQuestion question;
    private final Settings settings;
    private final LongSupplier nanos;
    private final RememberedMetrics metrics;
    private final Cache<TenantKey, Entry> entries;
    private final Map<TenantKey, Future<Entry>> loading = new ConcurrentHashMap<>();
    /** By {@code nanos}. */
    private volatile long aheadNotBefore;

    private final Map<String, String> names = new ConcurrentHashMap<>();

    /** Keys are remembered for one cluster alone: one that was made anew under the name has other entries. */
    private final AtomicReference<String> clusterUid = new AtomicReference<>("");

    /**
     * How long what is remembered is believed, unless a lookup asks to refresh it.
     *
     * @param cacheBytes about how much memory to take
     * @param entryNanos for a key that has an entry
     * @param noneNanos for a key that has none
     */
    public record Settings(long cacheBytes, long entryNanos, long noneNanos) {}

    /**
     * @param nanos as {@link System#nanoTime}
     * @param toldMillisAgo at such a time, since when the topology may not be current any more
     */
    public Directory(
            Databases databases,
            Settings settings,
            MeterRegistry registry,
            LongSupplier nanos,
            LongUnaryOperator toldMillisAgo) {
        this.question = new DirectoryQuestion(databases, toldMillisAgo);
        this.settings = settings;
        this.nanos = nanos;
        this.entries = Caffeine.newBuilder()
                .maximumWeight(settings.cacheBytes())
                .weigher((TenantKey key, Entry entry) -> key.weight())
                .build();
        this.metrics = new RememberedMetrics(
                registry, "directory", "entries", entries::estimatedSize, "found", "none", "changing");
        this.aheadNotBefore = nanos.getAsLong();
    }

    /**
     * What is remembered of a key and may be used. What is in use is asked for again before it is too old, so that lookups of such
     * keys do not wait.
     *
     * @param newerThanMillis what a primary would have said longer ago does not do; {@link Long#MAX_VALUE} for whatever is still
     *     believed, also of a replica that is behind
     * @return null when a shard has to be asked
     */
    public @Nullable Entry remembered(RoutingTable table, TableRoute.Sharded route, RowKey row, long newerThanMillis) {
        if (!table.topology().clusterUid().equals(clusterUid.get())) {
            return null;
        }
        TenantKey key = key(route, row);
        Entry entry = entries.getIfPresent(key);
        long now = nanos.getAsLong();
        if (entry == null || !entry.isFresh(now) || !entry.isWithin(newerThanMillis, now)) {
            return null;
        }
        metrics.hit();
        if (isAgeing(entry, now) && now - aheadNotBefore >= 0) {
            askAhead(table, route, row, key);
        }
        return entry;
    }

    /** In the last quarter of its life. What lives on after that has nobody to ask. */
    private boolean isAgeing(Entry entry, long now) {
        long life = life(entry);
        long age = now - entry.loadedAt();
        return age < life && age >= life - life / 4;
    }

    private long life(Entry entry) {
        return entry.shard() == null ? settings.noneNanos() : settings.entryNanos();
    }

    private void askAhead(RoutingTable table, TableRoute.Sharded route, RowKey row, TenantKey key) {
        Promise<Entry> promise = Promise.promise();
        if (loading.putIfAbsent(key, promise.future()) != null) {
            return;
        }
        promise.future().onComplete(done -> {
            Entry present = entries.getIfPresent(key);
            long now = nanos.getAsLong();
            if (present != null && isAgeing(present, now)) {
                // Nobody answered, or a replica that knows less: every lookup would ask again.
                aheadNotBefore = now + PAUSE_NANOS;
            }
        });
        ask(table, route.map().ownerOf(row), Map.of(key, promise), false);
    }

    /**
     * Asks the key's home.
     *
     * @param byPrimary whether only the primary will do, which knows of every change
     * @return fails with a {@link DirectoryUnavailableException}. When nobody answers, what was known before, if that was asked
     *     for: its age tells it
     */
    public Future<Entry> load(RoutingTable table, TableRoute.Sharded route, RowKey row, boolean byPrimary) {
        return load(table, route, List.of(row), byPrimary).getFirst();
    }

    /** As {@link #load(RoutingTable, TableRoute.Sharded, RowKey, boolean)}, for many keys with few questions. */
    public List<Future<Entry>> load(
            RoutingTable table, TableRoute.Sharded route, List<RowKey> rows, boolean byPrimary) {
        String uid = table.topology().clusterUid();
        if (!uid.equals(clusterUid.getAndSet(uid))) {
            entries.invalidateAll();
        }
        List<Future<Entry>> answers = new ArrayList<>(rows.size());
        Map<String, Map<TenantKey, Promise<Entry>>> asked = new LinkedHashMap<>();
        for (RowKey row : rows) {
            TenantKey key = key(route, row);
            metrics.miss();
            Promise<Entry> promise = Promise.promise();
            // A question to a primary must not wait for the answer of a replica, nor for one that was asked before.
            Future<Entry> present = byPrimary ? null : loading.putIfAbsent(key, promise.future());
            if (present != null) {
                answers.add(present);
                continue;
            }
            answers.add(promise.future());
            Map<TenantKey, Promise<Entry>> ofHome =
                    asked.computeIfAbsent(route.map().ownerOf(row), unseen -> new LinkedHashMap<>());
            Promise<Entry> twin = ofHome.putIfAbsent(key, promise);
            if (twin != null) {
                twin.future().onComplete(promise);
            }
        }
        asked.forEach((home, keys) -> ask(table, home, keys, byPrimary));
        return answers;
    }

    private void ask(RoutingTable table, String home, Map<TenantKey, Promise<Entry>> asked, boolean byPrimary) {
        List<TenantKey> keys = new ArrayList<>(asked.keySet());
        ShardAnswers shard = table.shard(home);
        for (int from = 0; from < keys.size(); from += AT_ONCE) {
            List<TenantKey> part = keys.subList(from, Math.min(keys.size(), from + AT_ONCE));
            long start = nanos.getAsLong();
            Future<DirectoryQuestion.Answer> said = shard == null
                    ? Future.failedFuture(new DirectoryUnavailableException(home, "it is not known yet"))
                    : question.ask(table.topology(), shard, part, byPrimary, start);
            said.onComplete(answer -> {
                metrics.took(nanos.getAsLong() - start);
                for (int i = 0; i < part.size(); i++) {
                    TenantKey key = part.get(i);
                    Promise<Entry> promise = asked.get(key);
                    if (promise == null) {
                        continue;
                    }
                    // One that was forgotten meanwhile may have been changed after the question.
                    boolean current = loading.remove(key, promise.future()) || byPrimary;
                    if (answer.succeeded()) {
                        promise.complete(heard(key, answer.result(), i, start, current));
                    } else {
                        failed(key, promise, answer.cause(), byPrimary);
                    }
                }
                if (answer.failed()) {
                    metrics.failed(part.size());
                }
            });
        }
    }

    private Entry heard(TenantKey key, DirectoryQuestion.Answer answer, int place, long start, boolean current) {
        DirectoryQuestion.Said said = answer.said().get(place);
        boolean changing =
                DirectorySchema.GIVING.equals(said.state()) || DirectorySchema.RETURNING.equals(said.state());
        String shard = DirectorySchema.AWAY.equals(said.state()) ? one(said.shard()) : null;
        Entry entry = new Entry(
                shard,
                changing,
                answer.behindMillis(),
                start,
                start + (shard == null ? settings.noneNanos() : settings.entryNanos()));
        if (changing) {
            entries.invalidate(key);
        } else if (current) {
            long now = nanos.getAsLong();
            entries.asMap().merge(key, entry, (before, heard) -> heard.orNewer(before, now));
        }
        metrics.loaded(changing ? "changing" : shard == null ? "none" : "found");
        return entry;
    }

    /** There are few names, and an entry for each of many keys need not have a copy of its own. */
    private @Nullable String one(@Nullable String name) {
        return name == null ? null : names.computeIfAbsent(name, same -> same);
    }

    private void failed(TenantKey key, Promise<Entry> promise, Throwable cause, boolean byPrimary) {
        Entry old = byPrimary ? null : entries.getIfPresent(key);
        if (old == null) {
            promise.fail(cause);
        } else {
            Entry longer = old.untilAtLeast(nanos.getAsLong() + PAUSE_NANOS);
            if (!longer.equals(old)) {
                entries.asMap().replace(key, old, longer);
                metrics.stale();
            }
            promise.complete(longer);
        }
    }

    /** Forgets what is remembered of keys that were just changed. */
    public void forget(TableRoute.Sharded route, List<RowKey> rows) {
        for (RowKey row : rows) {
            TenantKey key = key(route, row);
            loading.remove(key);
            entries.invalidate(key);
        }
    }

    /** Whether an answer is older than it should be. */
    public boolean isStale(Entry entry) {
        return nanos.getAsLong() - entry.loadedAt() > life(entry);
    }

    /** Whether a primary would have said so no longer ago than this. */
    public boolean isWithin(Entry entry, long millis) {
        return entry.isWithin(millis, nanos.getAsLong());
    }

    public long ageMillis(Entry entry) {
        return entry.ageMillis(nanos.getAsLong());
    }

    private static TenantKey key(TableRoute.Sharded route, RowKey row) {
        return TenantKey.of(route.group(), route.map(), row);
    }
}
