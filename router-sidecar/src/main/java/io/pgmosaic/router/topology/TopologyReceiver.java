package io.pgmosaic.router.topology;

import io.pgmosaic.protocol.Json;
import io.pgmosaic.protocol.MalformedJsonException;
import io.pgmosaic.protocol.topology.ShardTopology;
import io.pgmosaic.protocol.topology.TopologyEvent;
import io.pgmosaic.router.log.JsonLog;
import io.pgmosaic.router.lookup.RoutingTable;
import io.pgmosaic.router.lookup.TableFactory;
import io.pgmosaic.router.metrics.TopologyMetrics;
import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.regex.Pattern;

/**
 * Applies what arrives, one line after the other, on a thread of its own, so that neither parsing nor the disk delays a
 * lookup.
 *
 * <p>Order of one change: merge, build the table, store, publish. A higher term or another map is on disk before the first
 * answer with it, so that a crash cannot make the router forget a term (I3); changes of servers within a term are
 * stored at most once a second, positions and lags along with the next of those.
 */
public final class TopologyReceiver {
    private static final Pattern POSITION = Pattern.compile("[A-Za-z0-9.-]{1," + TopologyEvent.LONGEST_POSITION + "}");

    private final TopologyCheck check;
    private final TopologyStore store;
    private final TopologyView view;
    private final TableFactory tables;
    private final TopologyMetrics metrics;
    private final JsonLog log;
    private final Clock clock;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("topology").daemon().factory());

    private @Nullable ScheduledFuture<?> storing;
    private volatile @Nullable String position;

    /** Written by the thread above alone. */
    private volatile @Nullable KnownTopology known;

    // Confined to the thread above.
    /** Shards whose servers were asked, and when, since an operator last spoke of them. */
    private final Map<String, Instant> found = new HashMap<>();

    private boolean unsaved;
    private boolean unmeasured;
    private boolean inStep;
    private LongConsumer leave = millis -> {};
    private Runnable beginAnew = () -> {};
    /** When an operator said last, by its lines, how things are. */
    private Instant heard = Instant.EPOCH;
    /** Shards of which this stream has brought only what was older than what is known. */
    private final Set<String> outdated = new HashSet<>();

    public TopologyReceiver(
            TopologyCheck check,
            TopologyStore store,
            TopologyView view,
            TableFactory tables,
            TopologyMetrics metrics,
            JsonLog log,
            Clock clock) {
        this.check = check;
        this.store = store;
        this.view = view;
        this.tables = tables;
        this.metrics = metrics;
        this.log = log;
        this.clock = clock;
    }

    /** Answers from the topology on disk, if there is one, until an operator sends another; returns when that is done. */
    public void start() {
        CompletableFuture.runAsync(this::load, thread).join();
        storing = thread.scheduleWithFixedDelay(this::keepUp, 1, 1, TimeUnit.SECONDS);
    }

    /** Stores what is not stored yet, and when an operator was heard last, and ends. */
    public void stop() {
        if (storing != null) {
            storing.cancel(false);
        }
        CompletableFuture.runAsync(this::storeAll, thread).join();
        thread.shutdown();
    }

    /**
     * A stream is being opened: what was said before may be outdated until it has sent its snapshot, or all that changed since.
     *
     * @param whenToLeave told in how many milliseconds to go to another operator, when the stream says so; by any thread
     * @param whenToBeginAnew told that the stream is of no use, since it goes on from what is not known any more: it would never
     *     be in step, and servers would not be asked either, as long as it is open; by any thread
     */
    public void opened(LongConsumer whenToLeave, Runnable whenToBeginAnew) {
        thread.execute(() -> {
            inStep = false;
            leave = whenToLeave;
            beginAnew = whenToBeginAnew;
        });
    }

    /** Up to where all that the last stream brought was used; null when there is no such place. By any thread. */
    @Nullable
    String position() {
        return position;
    }

    /** One line of the stream that was opened last. */
    public void line(byte[] line) {
        thread.execute(() -> apply(line));
    }

    /** How a shard is to be answered from now on; what is known itself when nothing changes. */
    @FunctionalInterface
    public interface Revision {
        /**
         * @param known how it is answered now
         * @param term the highest that is known of it
         */
        ShardTopology of(ShardTopology known, long term);
    }

    /**
     * Applies what was found out without an operator, unless one has spoken meanwhile. What an operator says later replaces it.
     *
     * @param whenDone told whether it changed something; on the receiver's thread
     */
    public void revise(String shard, Revision revision, Consumer<Boolean> whenDone) {
        thread.execute(() -> whenDone.accept(revise(shard, revision)));
    }

    /** All that the router remembers; null while it knows nothing. By any thread. */
    public @Nullable KnownTopology known() {
        return known;
    }

    private boolean revise(String name, Revision revision) {
        @Nullable KnownTopology before = known;
        if (before == null || inStep) {
            return false;
        }
        for (ShardTopology shard : before.topology().shards()) {
            if (shard.shard().equals(name)) {
                long term = before.terms().getOrDefault(name, shard.term());
                ShardTopology revised = revision.of(shard, term);
                if (revised.equals(shard) || revised.term() < term) {
                    return false;
                }
                // What a stream would leave out when it goes on from there is not what is known any more.
                position = null;
                unsaved = true;
                found.put(name, clock.instant());
                view.revise(keep(before, TopologyMerge.shard(before, revised), heard));
                log.warn(
                        "asked a shard's servers, since no operator is heard",
                        Map.of(
                                "shard",
                                name,
                                "term",
                                revised.term(),
                                "primary",
                                revised.primary() == null
                                        ? "none"
                                        : revised.primary().instance(),
                                "reason",
                                String.valueOf(revised.reason())));
                return true;
            }
        }
        return false;
    }

    private void load() {
        TopologyFile.@Nullable Saved saved = store.read();
        if (saved == null) {
            return;
        }
        try {
            check.check(saved.known().topology());
            RoutingTable table = tables.build(null, saved.known().topology(), saved.found());
            known = saved.known();
            heard = saved.heard();
            found.putAll(saved.found());
            view.publish(table, TopologyView.Source.DISK, heard);
            metrics.topology(saved.known().topology());
            log.info("answering from the topology on disk", Map.of("savedAt", saved.savedAt(), "heard", heard));
        } catch (InvalidTopologyException | RuntimeException e) {
            store.unusable(e);
        }
    }

    private void apply(byte[] line) {
        Instant now = clock.instant();
        long arrived = System.nanoTime();
        try {
            switch (Json.read(line, TopologyEvent.class)) {
                case TopologyEvent.Heartbeat heartbeat -> {
                    if (inStep) {
                        current(now);
                        confirmed(arrived);
                    }
                }
                case TopologyEvent.Snapshot snapshot -> {
                    check.check(snapshot.topology());
                    outdated.clear();
                    TopologyMerge.Result whole = TopologyMerge.snapshot(known, snapshot.topology());
                    unsaved |= found.keySet().retainAll(whole.outdated());
                    accept(whole, now);
                    inStep = true;
                    reached(snapshot.position());
                    metrics.begun("full");
                    confirmed(arrived);
                }
                case TopologyEvent.ShardChanged change -> {
                    check.check(change.shard());
                    outdated.remove(change.shard().shard());
                    if (known == null) {
                        throw new InvalidTopologyException("a change of a shard before the first snapshot");
                    }
                    TopologyMerge.Result changed = TopologyMerge.shard(known, change.shard(), change.schema());
                    if (changed.outdated().isEmpty()) {
                        unsaved |= found.remove(change.shard().shard()) != null;
                    }
                    accept(changed, now);
                    if (position != null) {
                        reached(change.position());
                    }
                    if (inStep) {
                        confirmed(arrived);
                    }
                }
                case TopologyEvent.Resumed resumed -> {
                    if (position == null) {
                        beginAnew.run();
                    } else {
                        reached(resumed.position());
                        inStep = true;
                        metrics.begun("resumed");
                        current(now);
                        confirmed(arrived);
                    }
                }
                case TopologyEvent.Leave farewell -> leave.accept(farewell.afterMillis());
            }
        } catch (MalformedJsonException | InvalidTopologyException | RuntimeException e) {
            // Not current any more, but what is known stays the best there is to answer from.
            inStep = false;
            position = null;
            metrics.rejected();
            log.error("ignored a line of the topology stream", Map.of("cause", String.valueOf(e.getMessage())));
        }
    }

    private void accept(TopologyMerge.Result result, Instant now) {
        if (result.recreated()) {
            log.warn(
                    "the cluster was made anew: terms start over",
                    Map.of("clusterUid", result.known().topology().clusterUid()));
        }
        outdated.addAll(result.outdated());
        for (String shard : result.outdated()) {
            log.warn("ignored older news of a shard", Map.of("shard", shard));
        }
        view.publish(keep(known, result, now), TopologyView.Source.LIVE, now);
    }

    private void current(Instant now) {
        heard = now;
        view.current(now);
    }

    /**
     * Makes a result what is known, and returns the table that is to be answered from; published once it is stored.
     *
     * @param said when an operator said last how things are
     */
    private RoutingTable keep(@Nullable KnownTopology before, TopologyMerge.Result result, Instant said) {
        RoutingTable table = tables.build(view.table(), result.known().topology(), found);
        known = result.known();
        heard = said;
        unsaved |= before == null
                || KeptChange.between(before.topology(), result.known().topology());
        if (before == null || result.recreated() || mustSurviveACrash(before, result.known())) {
            storeChanges();
            metrics.topology(result.known().topology());
            log.info(
                    "topology changed",
                    Map.of(
                            "mapVersion",
                            result.known().topology().map().version(),
                            "terms",
                            result.known().terms()));
        }
        unmeasured = true;
        return table;
    }

    /** An operator that is behind in one shard cannot say that what is known is so now. */
    private void confirmed(long arrived) {
        if (outdated.isEmpty()) {
            view.told(arrived);
        }
    }

    /** Only what is fit to be part of an address. */
    private void reached(@Nullable String place) {
        position = place != null && POSITION.matcher(place).matches() ? place : null;
    }

    private static boolean mustSurviveACrash(KnownTopology before, KnownTopology after) {
        return !before.terms().equals(after.terms())
                || before.topology().map().version() != after.topology().map().version();
    }

    /** What is not worth doing for each line of a stream that brings positions all the time. */
    private void keepUp() {
        storeChanges();
        if (unmeasured && known != null) {
            unmeasured = false;
            metrics.topology(known.topology());
        }
    }

    private void storeAll() {
        unsaved = true;
        storeChanges();
    }

    private void storeChanges() {
        if (unsaved && known != null) {
            unsaved = !store.write(new TopologyFile.Saved(known, clock.instant(), heard, found));
        }
    }
}
