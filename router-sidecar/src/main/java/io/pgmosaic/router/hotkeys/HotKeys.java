package io.pgmosaic.router.hotkeys;

import io.pgmosaic.routing.key.Key;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/**
 * The keys of each table that are looked up most. A table's counters are divided among stripes by the key's hash, so that event
 * loops rarely meet at one; a key's error is what its own stripe knows. Thread-safe.
 */
public final class HotKeys {
    private static final int STRIPES = 4;

    private final int counters;
    private final BiConsumer<String, HotKeys> onTable;
    private final Map<String, FadingSketch[]> tables = new ConcurrentHashMap<>();

    /**
     * @param counters how many keys of a table are counted; 0 for none, and then nothing is known of any
     * @param onTable told of each table once, when its first key is counted
     */
    public HotKeys(int counters, BiConsumer<String, HotKeys> onTable) {
        this.counters = counters;
        this.onTable = onTable;
    }

    /**
     * A key and how often it is looked up.
     *
     * @param share of the table's lookups, at most
     * @param error by how much the share may be less
     * @param perSecond how often that is, if it goes on as it was
     */
    public record HotKey(Key key, double share, double error, double perSecond) {}

    /**
     * Counts a lookup, and returns at most how often the key was looked up lately; that is infinite when keys are not counted.
     *
     * @param table one of the topology's; every name takes memory for good
     * @param now by {@link System#nanoTime}
     */
    public double add(String table, Key key, long now) {
        if (counters == 0) {
            return Double.POSITIVE_INFINITY;
        }
        FadingSketch @Nullable [] stripes = tables.get(table);
        if (stripes == null) {
            stripes = tables.computeIfAbsent(table, name -> made(name, now));
        }
        Key bounded = BoundedKey.of(key);
        int hash = bounded.hashCode() * 0x9E3779B9;
        return stripes[hash >>> (Integer.SIZE - Integer.numberOfTrailingZeros(STRIPES))].add(bounded, now);
    }

    /** Tables of which a key was counted. */
    public Set<String> tables() {
        return new TreeSet<>(tables.keySet());
    }

    /** From the most looked-up key to the least; empty for a table of which none was counted. */
    public List<HotKey> top(String table, int limit, long now) {
        FadingSketch @Nullable [] stripes = tables.get(table);
        if (stripes == null) {
            return List.of();
        }
        double total = 0;
        List<SpaceSaving.Estimate> estimates = new ArrayList<>();
        for (FadingSketch stripe : stripes) {
            FadingSketch.Snapshot snapshot = stripe.at(now);
            total += snapshot.total();
            estimates.addAll(snapshot.estimates());
        }
        // After a night without lookups what there was has faded to nothing, and a share of nothing is no number.
        if (!(total > 0)) {
            return List.of();
        }
        double all = total;
        return estimates.stream()
                .sorted(Comparator.comparingDouble(SpaceSaving.Estimate::count).reversed())
                .limit(limit)
                .map(estimate -> new HotKey(
                        estimate.key(),
                        estimate.count() / all,
                        estimate.error() / all,
                        estimate.count() * Math.log(2) / FadingSketch.HALF_LIFE_SECONDS))
                .toList();
    }

    /** The share of the table's most looked-up key, at least; 0 while there is none. */
    public double topShare(String table, long now) {
        return top(table, 1, now).stream()
                .mapToDouble(key -> key.share() - key.error())
                .findFirst()
                .orElse(0);
    }

    private FadingSketch[] made(String table, long now) {
        FadingSketch[] stripes = new FadingSketch[STRIPES];
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new FadingSketch(Math.max(1, counters / STRIPES), now);
        }
        onTable.accept(table, this);
        return stripes;
    }
}
